"""`python -m otwatch` is the command `otwatch`."""

import gc


def main() -> None:
    gc.disable()  # all that is imported stays: looking for cycles among it costs a tenth of the start
    from otwatch.cli import main as begin

    gc.enable()
    begin()


if __name__ == "__main__":
    main()
