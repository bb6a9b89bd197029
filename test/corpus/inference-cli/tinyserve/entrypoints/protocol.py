from pydantic import BaseModel, Field


class CompletionRequest(BaseModel):
    prompt: str
    max_tokens: int = Field(16, ge=1, le=256)


class Completion(BaseModel):
    text: str
    model: str
