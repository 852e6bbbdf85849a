"""Read one photograph with the `fer` package, each time a line comes in. Started by face.py.

    python fer_worker.py PHOTO

Runs in fer's own environment. Says `ready`, then answers each line with milliseconds as JSON:
of decode, of detect_emotions (read), of both by the clock (total) and of processor time (cpu).
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import cv2
import numpy as np
from fer.fer import FER


def main():
    photo = Path(sys.argv[1]).read_bytes()
    reader = FER()
    print("ready", flush=True)
    for _ in sys.stdin:
        start, worked = time.perf_counter(), time.process_time()
        image = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
        decoded = time.perf_counter()
        if not reader.detect_emotions(image):
            sys.exit("fer finds no face")
        end = time.perf_counter()
        seconds = {
            "decode": decoded - start,
            "read": end - decoded,
            "total": end - start,
            "cpu": time.process_time() - worked,
        }
        print(json.dumps({name: value * 1000 for name, value in seconds.items()}), flush=True)


if __name__ == "__main__":
    main()
