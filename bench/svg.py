"""Plots as SVG: bars, and lines on a logarithmic x axis. Readable in light and in dark."""

from html import escape

WIDTH, LEFT, RIGHT, ROW = 720, 250, 90, 24
COLOURS = ["#2a6fb0", "#c2571a", "#3a8a4d", "#8557a8"]
STYLE = """<style>text{font:13px sans-serif;fill:#333}line,path{stroke:#999;fill:none}
.t{font-weight:bold;font-size:14px}svg{background:#fff}</style>"""


def text(x, y, words, anchor="start", css=""):
    """One line of text."""
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" class="{css}">{escape(words)}</text>'


def document(width, height, parts):
    """A whole file."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">{STYLE}<rect width="{width}" height="{height}" '
            f'fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n")


def bars(title, rows, unit=""):
    """rows: (label, value, low, high); a bar each, with a whisker from low to high."""
    most = max(max(value, high) for _, value, _, high in rows) or 1
    scale = (WIDTH - LEFT - RIGHT) / most
    parts = [text(10, 20, title, css="t")]
    for i, (label, value, low, high) in enumerate(rows):
        y = 34 + i * ROW
        colour = COLOURS[0] if label.startswith("Doorward") else "#9aa5b1"
        parts.append(text(LEFT - 8, y + 14, label, "end"))
        parts.append(f'<rect x="{LEFT}" y="{y + 2}" width="{value * scale:.1f}" '
                     f'height="{ROW - 8}" fill="{colour}"/>')
        parts.append(f'<path d="M{LEFT + low * scale:.1f} {y + ROW / 2 - 2:.1f}H'
                     f'{LEFT + high * scale:.1f}" style="stroke:#222"/>')
        parts.append(text(LEFT + max(value, high) * scale + 6, y + 14, f"{short(value)}{unit}"))
    return document(WIDTH, 44 + len(rows) * ROW, parts)


def short(value):
    """Three digits that matter."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def lines(title, ticks, series, unit):
    """series: name: values, one a tick; the ticks stand at equal distances."""
    height, top, bottom, left = 300, 40, 250, 70
    most = max(max(values) for values in series.values()) * 1.1 or 1
    step = (WIDTH - left - 190) / max(1, len(ticks) - 1)
    parts = [text(10, 20, title, css="t")]
    for k in range(5):
        y = bottom - (bottom - top) * k / 4
        parts.append(f'<line x1="{left}" y1="{y}" x2="{WIDTH - 190}" y2="{y}" '
                     'style="stroke:#ddd"/>')
        parts.append(text(left - 6, y + 4, f"{short(most * k / 4)}{unit}", "end"))
    for i, tick in enumerate(ticks):
        parts.append(text(left + i * step, bottom + 20, str(tick), "middle"))
    for n, (name, values) in enumerate(series.items()):
        colour = COLOURS[n % len(COLOURS)]
        points = [(left + i * step, bottom - (bottom - top) * v / most)
                  for i, v in enumerate(values)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="{path}" style="stroke:{colour};stroke-width:2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(f'<rect x="{WIDTH - 178}" y="{top + n * 22}" width="12" height="12" '
                     f'fill="{colour}"/>')
        parts.append(text(WIDTH - 160, top + 11 + n * 22, name))
    return document(WIDTH, height - 20, parts)
