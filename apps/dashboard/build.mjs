// Builds the page and writes it as a C++ source: node build.mjs SOURCE WORK OUTPUT FILE...
// Everything is made in WORK; SOURCE is only read. OUTPUT includes what is compiled into the program.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [source, work, output, ...files] = process.argv.slice(2);
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function copySources() {
  for (const folder of ['src', 'public']) rmSync(join(work, folder), { recursive: true, force: true });
  for (const file of files) {
    mkdirSync(dirname(join(work, file)), { recursive: true });
    copyFileSync(join(source, file), join(work, file));
  }
}

/// Installs what the lock file names, unless that was done before.
function installPackages() {
  const wanted = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const installed = join(work, 'installed.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '2'], { cwd: work, stdio: 'pipe' });
  } catch (why) {
    console.error(String(why.stderr));
    console.error('npm cannot install what the dashboard is built with. Configure with -DDUCAT_WEB=OFF to build without it.');
    process.exit(1);
  }
  writeFileSync(installed, wanted);
}

function buildPage() {
  const vite = join(work, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', 'dist', '--emptyOutDir'], { cwd: work, stdio: 'inherit' });
  if (status !== 0) process.exit(1); // It has said why.
}

/// Returns the paths of the files below a folder, such as /assets/index.js.
function filesBelow(folder, path = '') {
  const all = readdirSync(join(folder, path), { withFileTypes: true });
  return all.flatMap((each) => (each.isDirectory() ? filesBelow(folder, `${path}/${each.name}`) : [`${path}/${each.name}`])).sort();
}

function embedded(path, index) {
  const gzipped = join(work, 'gzipped', `${index}.gz`);
  writeFileSync(gzipped, gzipSync(readFileSync(join(work, 'dist', path)), { level: 9 }));
  return { path, gzipped, name: `ducat_page_${index}` };
}

function sourceOf(all) {
  const assembly = all.map(
    ({ gzipped, name }) => `.globl ${name}
.hidden ${name}
${name}:
.incbin "${gzipped}"
.globl ${name}_end
.hidden ${name}_end
${name}_end:
.byte 0
`);
  const declared = all.map(({ name }) => `extern const char ${name}[];\nextern const char ${name}_end[];\n`);
  const listed = all.map(
    ({ path, name }) => `    {"${path}", "${types[extname(path)]}", {${name}, static_cast<std::size_t>(${name}_end - ${name})}},\n`);
  return `#include "dashboard/page.hpp"

#include <cstddef>

asm(R"(.pushsection .rodata
${assembly.join('')}.popsection
)");

extern "C" {
${declared.join('')}}

namespace ducat::dashboard {

std::span<const api::web_file> page() noexcept {
  static const api::web_file all[] = {
${listed.join('')}  };
  return all;
}

} // namespace ducat::dashboard
`;
}

mkdirSync(work, { recursive: true });
copySources();
installPackages();
buildPage();
rmSync(join(work, 'gzipped'), { recursive: true, force: true });
mkdirSync(join(work, 'gzipped'));
writeFileSync(output, sourceOf(filesBelow(join(work, 'dist')).map(embedded)));
