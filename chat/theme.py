"""Colours and fonts of the parts that Gradio draws itself (the question box, the buttons).

Only fonts that the system has: Gradio's own themes name web fonts. The colours are the ones of
`static/page.css`, which holds everything else about the looks.
"""

from __future__ import annotations

import gradio as gr
from gradio.themes import sizes

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial")
MONO_FONTS = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas")


def theme() -> gr.themes.Base:
    """The look of Gradio's own parts, light and dark."""
    look = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        radius_size=sizes.radius_md,
        font=[*FONTS, "sans-serif"],
        font_mono=[*MONO_FONTS, "monospace"],
    )
    return look.set(
        body_background_fill="#f6f4ef",
        body_background_fill_dark="#15171a",
        body_text_color="#1e1d1a",
        body_text_color_dark="#e9e6df",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
    )
