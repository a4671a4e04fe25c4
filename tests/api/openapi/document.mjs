// The OpenAPI document: its operations, and whether a value fits one of its schemas.
import Ajv from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/// Answers may get new fields, but those of this version are all documented: here no object has
/// fields that its schema does not name.
function close(value) {
  if (Array.isArray(value)) return value.forEach(close);
  if (value === null || typeof value !== 'object') return;
  const isObject = value.type === 'object' && !('propertyNames' in value);
  if (isObject && !('additionalProperties' in value)) value.additionalProperties = false;
  Object.values(value).forEach(close);
}

export class Document {
  constructor(path) {
    this.text = readFileSync(path, 'utf8');
    this.tree = parse(this.text, { maxAliasCount: -1 });
    const closed = parse(this.text, { maxAliasCount: -1 });
    close(closed.components.schemas);
    close(closed.components.responses);
    close(closed.paths);
    this.ajv = new Ajv({ strict: false, allErrors: true });
    this.ajv.addSchema({ ...closed, $id: 'openapi' });
  }

  /// Returns what stands at a pointer such as #/components/schemas/Payment.
  at(pointer) {
    const steps = pointer.slice(2).split('/').map((s) => s.replace(/~1/g, '/').replace(/~0/g, '~'));
    return steps.reduce((value, step) => value[step], this.tree);
  }

  /// Returns { value, pointer }, where a $ref has been followed.
  follow(pointer) {
    const value = this.at(pointer);
    return value.$ref ? this.follow(value.$ref) : { value, pointer };
  }

  /// Returns every operation as { id, method, path, pointer, parameters }.
  operations() {
    const all = [];
    for (const [path, item] of Object.entries(this.tree.paths))
      for (const method of methods.filter((m) => m in item)) {
        const pointer = `#/paths/${path.replace(/~/g, '~0').replace(/\//g, '~1')}/${method}`;
        const { operationId: id, parameters = [] } = item[method];
        const followed = parameters.map((p, i) => this.follow(`${pointer}/parameters/${i}`).value);
        all.push({ id, method: method.toUpperCase(), path, pointer, parameters: followed });
      }
    return all;
  }

  /// Returns why `value` does not fit the schema at `pointer`; '' if it does.
  misfit(pointer, value) {
    const check = this.ajv.compile({ $ref: `openapi${encodeURI(pointer)}` });
    return check(value) ? '' : this.ajv.errorsText(check.errors);
  }
}
