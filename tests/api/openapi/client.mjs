// Asks a node as the document says, and holds every answer to the document.
import assert from 'node:assert/strict';

export class Client {
  constructor(document, address) {
    this.document = document;
    this.address = address;
    this.operations = new Map(document.operations().map((o) => [o.id, o]));
    this.seen = new Map(); // Operation -> the documented answers that came, such as 200 or default.
  }

  /// Returns the target of an operation: `given` by the names of path and query parameters.
  target(operation, given) {
    let path = operation.path;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) {
      const isInPath = path.includes(`{${name}}`);
      if (isInPath) path = path.replace(`{${name}}`, encodeURIComponent(value));
      else query.append(name, value);
    }
    return query.size === 0 && [...query].length === 0 ? path : `${path}?${query}`;
  }

  /// Sends a request and checks its answer. `wrong`: the request is not one that the document
  /// allows. Returns { status, headers, text, body }.
  async ask(id, { params = {}, key, body, expect, wrong = false }) {
    const operation = this.operations.get(id);
    assert(operation, `no operation ${id}`);
    if (!wrong) this.checkRequest(operation, params, key, body);
    const answer = await fetch(this.address + this.target(operation, params), {
      method: operation.method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.equal(answer.status, expect, `${id}: ${text}`);
    return this.checkAnswer(operation, answer, text);
  }

  checkRequest(operation, params, key, body) {
    for (const [index, parameter] of operation.parameters.entries()) {
      const value = parameter.in === 'header' ? key : params[parameter.name];
      if (value === undefined) {
        assert(!parameter.required, `${operation.id}: ${parameter.name} is required`);
        continue;
      }
      const { pointer } = this.document.follow(`${operation.pointer}/parameters/${index}`);
      const misfit = this.document.misfit(`${pointer}/schema`, value);
      assert.equal(misfit, '', `${operation.id}: parameter ${parameter.name}`);
    }
    const misfit = this.bodyMisfit(operation, body);
    assert.equal(misfit, '', `${operation.id}: the body of the request`);
  }

  /// Returns why a body is not one that the operation takes; '' if it is.
  bodyMisfit(operation, body) {
    if (!this.document.at(operation.pointer).requestBody)
      return body === undefined ? '' : 'there is none';
    const { value, pointer } = this.document.follow(`${operation.pointer}/requestBody`);
    if (body === undefined) return value.required ? 'it is required' : '';
    return this.document.misfit(`${pointer}/content/application~1json/schema`, body);
  }

  /// Reads a stream until `wanted` has come, and checks what it is.
  async follow(id, wanted) {
    const operation = this.operations.get(id);
    const end = new AbortController();
    const answer = await fetch(this.address + operation.path, { signal: end.signal });
    assert.equal(answer.status, 200, id);
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.includes(wanted)) break;
    }
    end.abort();
    return this.checkAnswer(operation, answer, text);
  }

  checkAnswer(operation, answer, text) {
    const responses = this.document.at(operation.pointer).responses;
    const name = String(answer.status) in responses ? String(answer.status) : 'default';
    const where = `${operation.id} ${answer.status}`;
    assert(name !== 'default' || answer.status >= 400, `${where}: this success is not documented`);
    const { value, pointer } = this.document.follow(`${operation.pointer}/responses/${name}`);
    const type = answer.headers.get('content-type');
    assert(type in value.content, `${where}: content type ${type}`);
    const body = type === 'application/json' ? JSON.parse(text) : text;
    const schema = `${pointer}/content/${type.replace('/', '~1')}/schema`;
    assert.equal(this.document.misfit(schema, body), '', `${where}: ${text}`);
    this.checkHeaders(value, pointer, answer, where);
    if (!this.seen.has(operation.id)) this.seen.set(operation.id, new Set());
    this.seen.get(operation.id).add(name);
    return { status: answer.status, headers: answer.headers, text, body };
  }

  checkHeaders(response, pointer, answer, where) {
    for (const name of Object.keys(response.headers ?? {})) {
      const header = this.document.follow(`${pointer}/headers/${name}`);
      const value = answer.headers.get(name);
      assert(value !== null || !header.value.required, `${where}: ${name} is missing`);
      if (value !== null)
        assert.equal(this.document.misfit(`${header.pointer}/schema`, value), '', `${where}: ${name}`);
    }
    for (const name of ['Ducat-Receipt', 'Idempotent-Replayed', 'Ducat-Refund', 'Retry-After'])
      if (answer.headers.has(name))
        assert(name in (response.headers ?? {}), `${where}: ${name} is not documented`);
  }
}
