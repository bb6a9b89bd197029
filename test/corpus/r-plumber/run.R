library(plumber)

settings <- jsonlite::fromJSON("settings.json")
pr("plumber.R") |> pr_run(host = "0.0.0.0", port = settings$port, docs = FALSE)
