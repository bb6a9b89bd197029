"""Writes a small BERT with random weights as a sentence-transformers folder."""
import sys

import torch
from sentence_transformers import SentenceTransformer, models
from tokenizers import Tokenizer, models as tokenizer_models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

target = sys.argv[1]
torch.manual_seed(7)
tokenizer = Tokenizer(tokenizer_models.WordPiece(unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
tokenizer.train_from_iterator(
    (f"sentence {n} about topic {n % 97} and price {n * 13 % 1009}" for n in range(8000)),
    trainers.WordPieceTrainer(vocab_size=6000, special_tokens=special),
)
tokenizer.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
)
fast = PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]"
)
bert = BertModel(BertConfig(vocab_size=6000, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536))
bert.save_pretrained("/tmp/bert")
fast.save_pretrained("/tmp/bert")
transformer = models.Transformer("/tmp/bert", max_seq_length=128)
pooling = models.Pooling(transformer.get_word_embedding_dimension(), pooling_mode="mean")
SentenceTransformer(modules=[transformer, pooling, models.Normalize()], device="cpu").save(target)
