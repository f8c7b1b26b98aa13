// A file system of one's own, in a file: it can be filled up, and its power can be cut. Needs root
// and loop devices. A Workshop on it removes it; so does the end of the process.
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {newDirectory} from '../../interop/support/server.mjs';

const mounted = new Set();
// The last resort: lazily, since a server that was killed a moment ago may still hold it.
process.on('exit', () => mounted.forEach((directory) => spawnSync('umount', ['-l', directory])));

// Debian keeps mkfs out of the path of those who are not root, and of some who are.
const env = {...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`};
const command = (program, ...args) => execFileSync(program, args, {env, stdio: 'pipe'});

export class Volume {
  #folder;
  #mountPoint;

  // A new one of this size. Where that cannot be had, skips the test and returns null.
  static create(t, mebibytes) {
    if (process.getuid() !== 0) {
      t.skip('a file system to mistreat needs root');
      return null;
    }
    const volume = new Volume();
    volume.#folder = newDirectory();
    volume.#mountPoint = path.join(volume.#folder, 'mounted');
    try {
      fs.mkdirSync(volume.#mountPoint);
      fs.closeSync(fs.openSync(volume.#image, 'w'));
      fs.truncateSync(volume.#image, mebibytes << 20);
      command('mkfs.ext4', '-q', '-m', '0', volume.#image);
      volume.#mount();
      return volume;
    } catch (error) {
      volume.remove();
      t.skip(`mkfs.ext4 and loop mounts are needed: ${error.stderr || error.message}`);
      return null;
    }
  }

  get #image() {
    return path.join(this.#folder, 'image');
  }

  // For the server. It is there when the server has made it.
  get dataDirectory() {
    return path.join(this.#mountPoint, 'data');
  }

  #mount() {
    command('mount', '-o', 'loop', this.#image, this.#mountPoint);
    mounted.add(this.#mountPoint);
  }

  #unmount() {
    command('umount', this.#mountPoint);
    mounted.delete(this.#mountPoint);
  }

  // From now on everything fails, and what was not synced is lost.
  cutPower() {
    command(process.env.SEGUE_CUT_POWER, this.#mountPoint);
  }

  // Power is back. REQUIRES: no process uses it.
  remount() {
    this.#unmount();
    this.#mount();
  }

  // What can still be written.
  freeBytes() {
    const {bavail, bsize} = fs.statfsSync(this.#mountPoint);
    return bavail * bsize;
  }

  // Takes up space until it is removed.
  addBallast(mebibytes) {
    const file = path.join(this.#mountPoint, 'ballast');
    fs.writeFileSync(file, Buffer.alloc(mebibytes * 2 ** 20));
    return {remove: () => fs.rmSync(file)};
  }

  // REQUIRES: no process uses it.
  remove() {
    if (mounted.has(this.#mountPoint)) this.#unmount();
    fs.rmSync(this.#folder, {recursive: true, force: true});
  }
}
