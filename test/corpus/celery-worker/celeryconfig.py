import os

broker_url = os.environ["BROKER_URL"]
result_backend = os.environ["BROKER_URL"]
task_serializer = "json"
accept_content = ["json"]
imports = ("jobs.tasks.reports", "jobs.tasks.numbers")
task_routes = {"jobs.tasks.reports.*": {"queue": "reports"}, "*": {"queue": "default"}}
task_default_queue = "default"
worker_hijack_root_logger = False
worker_prefetch_multiplier = 1
