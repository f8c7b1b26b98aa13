// A conformance filter as a child process.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

export class Filter {
  constructor(command) {
    this.waiting = new Map();
    this.child = spawn(command, {shell: true, stdio: ['pipe', 'pipe', 'inherit']});
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', (code) => this.fail(new Error(`the filter ended with code ${code}`)));
    this.child.stdin.on('error', (error) => this.fail(error));
    createInterface({input: this.child.stdout}).on('line', (line) => this.receive(line));
  }

  // The replies to `requests`, in their order. The ids are given here.
  ask(requests) {
    return new Promise((resolve, reject) => {
      const replies = new Array(requests.length);
      let missing = requests.length;
      if (missing === 0) resolve(replies);
      const lines = requests.map((request, index) => {
        this.waiting.set(index, {
          resolve: (reply) => {
            replies[index] = reply;
            if (--missing === 0) resolve(replies);
          },
          reject,
        });
        return JSON.stringify({id: index, ...request}) + '\n';
      });
      this.child.stdin.write(lines.join(''));
    });
  }

  receive(line) {
    const reply = JSON.parse(line);
    const waiter = this.waiting.get(reply.id);
    if (waiter === undefined) {
      this.fail(new Error(`a reply to no request: ${line}`));
      return;
    }
    this.waiting.delete(reply.id);
    waiter.resolve(reply);
  }

  fail(error) {
    for (const waiter of this.waiting.values()) waiter.reject(error);
    this.waiting.clear();
  }

  close() {
    this.child.removeAllListeners('exit');
    this.child.stdin.end();
  }
}
