// Serves the page as it was built, and a stream that the test makes up.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const types = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

export class FakeNode {
  /// Serves the files of `page`, a folder.
  static async start(page) {
    const node = new FakeNode();
    node.page = page;
    node.streams = new Set();
    node.said = new Map(); // The newest of each topic, for who comes later.
    node.answers = new Map(); // Path with query -> what is answered as JSON.
    node.posted = [];
    node.refuses = false; // Connections, as if nobody were there.
    node.refusal = ''; // Why nobody is let in; nothing: everybody is.
    node.server = createServer((request, response) => node.serve(request, response));
    await new Promise((resolve) => node.server.listen(0, '127.0.0.1', resolve));
    node.address = `http://127.0.0.1:${node.server.address().port}`;
    return node;
  }

  say(topic, data) {
    this.said.set(topic, data);
    for (const stream of this.streams) stream.write(eventOf(topic, data));
  }

  cut() {
    for (const stream of this.streams) stream.destroy();
  }

  async stop() {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  serve(request, response) {
    if (this.refuses) return request.socket.destroy();
    if (this.refusal !== '' && request.url.startsWith('/v1/')) return this.refuse(response);
    if (request.method === 'POST') return this.take(request, response);
    if (request.url === '/v1/dashboard') return this.stream(response);
    if (this.answers.has(request.url)) {
      response.setHeader('Content-Type', 'application/json');
      return response.end(JSON.stringify(this.answers.get(request.url)));
    }
    this.file(request.url === '/' ? '/index.html' : request.url, response);
  }

  refuse(response) {
    response.writeHead(401, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: { message: this.refusal } }));
  }

  async take(request, response) {
    let body = '';
    for await (const part of request) body += part;
    this.posted.push({ url: request.url, headers: request.headers, body: JSON.parse(body) });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ crashed: 1 }));
  }

  stream(response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 50\n\n');
    for (const [topic, data] of this.said) response.write(eventOf(topic, data));
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  file(path, response) {
    try {
      const text = readFileSync(join(this.page, path));
      response.setHeader('Content-Type', types[path.split('.').at(-1)]);
      response.setHeader('Content-Security-Policy', "default-src 'self'; style-src 'self' 'unsafe-inline'");
      response.end(text);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  }
}

function eventOf(topic, data) {
  return `event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`;
}
