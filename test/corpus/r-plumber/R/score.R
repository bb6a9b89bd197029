score <- function(model, weight, power) {
  interval <- stats::predict(model, data.frame(weight = weight, power = power), interval = "prediction")
  list(value = interval[1], low = interval[2], high = interval[3])
}
