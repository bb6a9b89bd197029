set.seed(1)
cars <- data.frame(weight = runif(200, 800, 2500), power = runif(200, 40, 300))
cars$consumption <- 2 + cars$weight / 400 + cars$power / 60 + rnorm(200, sd = 0.2)
saveRDS(lm(consumption ~ weight + power, data = cars), "model.rds")
