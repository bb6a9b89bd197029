const stations = require("../../data/stations.json");

module.exports = {
  Query: {
    station: (_, { id }) => stations[id],
    stations: () => Object.values(stations),
  },
  Station: { readings: async ({ id }, _, { readings }) => (await readings.load(id)).map((celsius) => ({ celsius })) },
};
