import os

from dotenv import load_dotenv
from litserve import LitServer

from service.api import ClassifierAPI

load_dotenv()

if __name__ == "__main__":
    server = LitServer(
        ClassifierAPI(),
        accelerator="cpu",
        workers_per_device=int(os.environ["WORKERS"]),
        max_batch_size=4,
        batch_timeout=0.01,
        healthcheck_path="/health",
    )
    server.run(port=8001, generate_client_file=False)
