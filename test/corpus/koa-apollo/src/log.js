const config = require("config");
const winston = require("winston");

module.exports = winston.createLogger({
  level: config.get("log.level"),
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});
