import json
import os
import sys

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

target = sys.argv[1]
os.makedirs(target)
random = np.random.default_rng(3)
tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
tokenizer.train_from_iterator((f"words {n} and more {n * 7}" for n in range(3000)), trainers.BpeTrainer(vocab_size=4000, special_tokens=["<unk>"]))
tokenizer.save(f"{target}/tokenizer.json")
json.dump({"architectures": ["TinyForCausalLM"], "hidden_size": 1024}, open(f"{target}/config.json", "w"))
size = 1024
save_file({"embed": random.normal(size=(tokenizer.get_vocab_size(), size)).astype(np.float32)}, f"{target}/model-00001-of-00002.safetensors")
save_file(
    {f"layer.{n}": (random.normal(size=(size, size)) / 32).astype(np.float32) for n in range(8)}, f"{target}/model-00002-of-00002.safetensors"
)
