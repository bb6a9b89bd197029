import gradio as gr

from analyser import pipeline, theme

with gr.Blocks(theme=theme.plain(), title="Signal analyser") as demo:
    gr.Markdown("## Which frequencies are in this signal?")
    with gr.Row():
        samples = gr.Textbox(label="Samples, one per line")
        window = gr.Dropdown(sorted(pipeline.WINDOWS), value="hann", label="Window")
    run = gr.Button("Analyse")
    peaks = gr.JSON(label="Peaks")
    picture = gr.Image(label="Spectrum", type="pil")
    run.click(pipeline.analyse, [samples, window], [peaks, picture], api_name="analyse", queue=False)

if __name__ == "__main__":
    demo.launch()
