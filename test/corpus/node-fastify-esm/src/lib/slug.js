export default (name) => name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-');
