declare module 'sharedb/lib/client/index.js';
