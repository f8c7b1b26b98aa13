// What is written from the command line's declarations: the manual page and the completions.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';

const segue = (...words) => execFileSync(process.env.SEGUE_BINARY, words, {encoding: 'utf8'});
const has = (program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

// Commands as --help lists them, all the way down, each with its flags.
const commandsOf = (path = []) => {
  const help = segue(...path, '--help');
  const flags = [...help.matchAll(/^  (?:-\w,)?(--[\w-]+)/gm)].map((found) => found[1]);
  const listed = help.split('\nSubcommands:\n')[1] ?? '';
  const children = [...listed.matchAll(/^  (\S+)/gm)].map((found) => found[1]);
  return [{path, flags, children}, ...children.flatMap((child) => commandsOf([...path, child]))];
};
const commands = commandsOf();

// What bash offers for the last of these words.
const offered = (words) => {
  const script = `${segue('completion', 'bash')}
    COMP_WORDS=(segue "$@"); COMP_CWORD=$#; _segue; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', script, 'bash', ...words], {encoding: 'utf8'});
  return out.split('\n').filter(Boolean);
};

test('the manual page has every command and every flag', () => {
  const page = segue('man').replaceAll('\\-', '-');
  for (const {path, flags} of commands.slice(1)) {
    const section = page.split(`\n.SS segue ${path.join(' ')}\n`)[1]?.split(/\n\.S[SH] /)[0];
    assert.ok(section, `segue ${path.join(' ')} has a section`);
    for (const flag of flags.filter((name) => name !== '--help')) {
      assert.ok(section.includes(`${flag}\\fR`), `${path.join(' ')} ${flag}`);
    }
  }
});

test('the manual page has values as --help has them', () => {
  assert.match(segue('man'), /\\fINAME=COLLECTION:FIELD,\.\.\.\\fR/);
});

test('the manual page is clean roff', {skip: !has('groff')}, () => {
  const out = execFileSync('sh', ['-c', '"$SEGUE_BINARY" man | groff -man -Tutf8 -ww -z 2>&1'], {encoding: 'utf8'});
  assert.equal(out, '');
});

test('bash is offered the commands and flags of each command', () => {
  for (const {path, flags, children} of commands) {
    const words = offered([...path, '']);
    for (const word of [...children, ...flags]) {
      assert.ok(words.includes(word), `segue ${path.join(' ')}: ${word}`);
    }
  }
});

test('bash is offered the choices of a value, and files where there are none', () => {
  assert.deepEqual(offered(['serve', '--durability', '']).sort(), ['async', 'sync']);
  assert.deepEqual(offered(['serve', '--limits', 'o']).sort(), ['off', 'on']);
  assert.deepEqual(offered(['serve', '--data', '']), []);  // and `complete -o default` completes files
});

test('an option before a command does not hide it', () => {
  assert.deepEqual(offered(['--version', 'tok']), ['token']);
  assert.deepEqual(offered(['token', 'make', '--ki']), ['--kid']);
});

for (const shell of ['zsh', 'fish']) {
  test(`${shell} reads its script`, {skip: !has(shell)}, () => {
    const folder = mkdtempSync(join(tmpdir(), 'segue-completion-'));
    try {
      const script = join(folder, 'script');
      writeFileSync(script, segue('completion', shell));
      execFileSync(shell, ['-n', script]);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
}

test('another shell is refused, and told which there are', () => {
  assert.throws(() => execFileSync(process.env.SEGUE_BINARY, ['completion', 'cmd'], {stdio: 'pipe'}),
                (error) => error.status === 2 && /bash/.test(error.stderr));
});
