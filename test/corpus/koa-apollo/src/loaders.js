const DataLoader = require("dataloader");
const { take } = require("lodash");
const config = require("config");
const stations = require("../data/stations.json");

exports.readingsLoader = () =>
  new DataLoader(async (ids) => ids.map((id) => take(stations[id].readings, config.get("limits.readings"))));
