"""``python -m hub.entry`` is the command line without its script."""

from hub.entry.start import main

if __name__ == "__main__":
    main()
