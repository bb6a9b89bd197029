import gradio as gr


def plain() -> gr.themes.Base:
    return gr.themes.Soft(primary_hue="teal", font=["system-ui", "sans-serif"])
