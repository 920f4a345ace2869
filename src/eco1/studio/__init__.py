"""For people's eyes: a live viewer in the browser, films and stills without a display, and reports."""
