"""Train the networks of Gibun without Django: `python -m emotion.training VERB --help`.

    python -m emotion.training train --network vgg16 --data ferplus-train.zip \
        --validate ferplus-valid.zip --out runs/vgg16
    python -m emotion.training export --run vgg16=runs/vgg16 --run xception=runs/xception \
        --run resnet50=runs/resnet50 --validate ferplus-valid.zip --version 2026.11 \
        --out ml_models

Every verb says how far it is; `train` goes on where it was killed. Exit status 2: what was
asked for cannot be done, and why; 75: the time of `--minutes` is over, give the command again.
"""

from __future__ import annotations

import argparse
import sys

from emotion.training import collect, commands

UNFINISHED = 75  # sysexits' EX_TEMPFAIL


def parser() -> argparse.ArgumentParser:
    """Return the parser; each verb sets `do`, which takes the parsed arguments."""
    top = argparse.ArgumentParser(prog="python -m emotion.training")
    verbs = top.add_subparsers(required=True, metavar="VERB")
    for name, add_arguments, do, says in (
        (
            "train",
            commands.add_train_arguments,
            commands.train_network,
            "train one network, or go on where it was killed",
        ),
        (
            "evaluate",
            commands.add_evaluate_arguments,
            commands.evaluate_run,
            "score a run through Keras",
        ),
        (
            "export",
            commands.add_export_arguments,
            commands.export_model,
            "fit the ensemble and write what is served",
        ),
        (
            "precision",
            commands.add_precision_arguments,
            commands.decide_precisions,
            "decide which faster arithmetic may serve",
        ),
        (
            "collect",
            collect.add_arguments,
            collect.collect,
            "cut the faces out of an archive, once",
        ),
        ("pack", commands.add_pack_arguments, commands.pack, "weights as float16 in small files"),
        ("unpack", commands.add_pack_arguments, commands.unpack, "small files back to a run"),
    ):
        verb = verbs.add_parser(name, help=says, description=says)
        add_arguments(verb)
        verb.set_defaults(do=do)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    from emotion.training.errors import OutOfTime, TrainingError

    asked = parser().parse_args(arguments)
    try:
        asked.do(asked)
    except OutOfTime as pause:
        commands.say(str(pause))
        return UNFINISHED
    except TrainingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
