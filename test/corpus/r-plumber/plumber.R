source("R/score.R")
model <- readRDS("model.rds")

#* @get /health
function() list(status = "ok")

#* @post /predict
function(weight, power) score(model, as.numeric(weight), as.numeric(power))
