// Pure: the state of a connection in words.

// `state` is that of the ShareDB connection, `everConnected` whether it has been up before.
// Returns {tone, text}; the tone is 'good', 'busy' or 'off'.
export function connectionStatus({offline, state, everConnected}) {
  if (offline) return {tone: 'off', text: 'Offline'};
  if (state === 'connected') return {tone: 'good', text: 'Connected'};
  return {tone: 'busy', text: everConnected ? 'Reconnecting…' : 'Connecting…'};
}

export function waitingText(count) {
  if (count === 0) return 'all edits saved';
  return count === 1 ? '1 edit waiting' : `${count} edits waiting`;
}
