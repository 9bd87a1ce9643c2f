"""See `tools.recorded_runs.making`."""

from tools.recorded_runs.making import main

if __name__ == "__main__":
    main()
