export NLP_PIPELINE="${NLP_PIPELINE:-/srv/pipeline}"
export NLTK_DATA="$CONDA_PREFIX/share/nltk_data"
