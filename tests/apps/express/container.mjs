// Preloaded by node --import: this process finds mockserver.localhost as a container does, by its network's own names.
import dns from 'node:dns';

const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name === 'mockserver.localhost' ? '127.0.0.1' : name, ...rest);
