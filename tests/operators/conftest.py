from oracle import torch


def pytest_terminal_summary(terminalreporter):
    if torch is None:
        terminalreporter.write_line("NOT CHECKED AGAINST PYTORCH: torch is not installed (make oracle)", red=True)
