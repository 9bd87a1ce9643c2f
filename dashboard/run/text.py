"""What is said of a run that is over: what its curves show, and what to do next. No Streamlit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.analysis.advice import advice
from core.analysis.baseline import baseline
from core.analysis.turning_point import Turn, TurningPoint
from core.run import Run
from core.training.resuming import ResumePoint, can_be_resumed
from dashboard.shared.formats import percent_above
from dashboard.shared.language import Message
from dashboard.shared.run_words import ended_badly

MOST_EPOCHS = 1_000
_FEW, _MANY = 5, 10
#: The sentences on a network that may still learn.
_EARLY = ("verdict.nothing_yet", "verdict.nothing_in_one")
#: A smaller part of a loss than this is not seen to fall.
_SEEN = 0.01


@dataclass(frozen=True)
class NextSteps:
    """What a reader can do with a run that is over.

    Attributes:
        train_to: Train a new network up to this epoch; None if that would teach nothing.
        extend: By how many epochs to go on, as a first suggestion; None if it cannot go on.
        most: By how many epochs it can go on at most.
        first: Which of them is the obvious one: "resume", "train_to", "extend" or "change".
        resume: The epoch after or in which it goes on to its planned end; 0 to begin anew; None if it was not cut off.
    """

    train_to: int | None
    extend: int | None
    most: int
    first: str
    resume: int | None = None


def verdict(run: Run, turning: TurningPoint) -> Message | None:
    """The one sentence that says what the curves show, and what to try where they do not show it yet.

    None where there is nothing to say: without epochs, or if it broke off before it could turn.
    """
    turn = turning.loss
    if not run.epochs or (ended_badly(run) and not turn.confirmed):
        return None
    if run.experiment.validation_size == 0:
        return Message("verdict.no_validation")
    if turn.epoch is None:
        return Message("verdict.no_numbers")
    if not turning.learned:
        return _nothing_learned(run, turning)
    details = {
        "epoch": turn.epoch,
        "value": f"{turn.value:.4f}",
        "rise": percent_above(turn.generalisation_loss),
    }
    if turn.confirmed:
        if fell_apart(run, turn):
            return Message("verdict.worse", details)
        return Message("verdict.at_once" if turn.epoch == 1 else "verdict.turned", details)
    if turn.epochs_after == 0:
        return Message("verdict.falling", details)
    return Message("verdict.unsure", details)


def _nothing_learned(run: Run, turning: TurningPoint) -> Message:
    """That the network was never better than a constant answer, by the number that shows it."""
    constant, loss, accuracy = baseline(run), turning.loss, turning.accuracy
    if constant is None:
        raise ValueError(f"run {run.id} has no validation set")
    if len(run.epochs) == 1:
        key = "verdict.nothing_in_one"
    else:
        key = "verdict.nothing_yet" if still_falling(run, loss) else "verdict.nothing_learned"
    # Penalties are part of the loss, so it may be high although the answers are good.
    if constant.penalised and accuracy.epoch is not None:
        details = {
            "epoch": accuracy.epoch,
            "accuracy": f"{accuracy.value:.1%}",
            "share": f"{constant.accuracy:.1%}",
        }
        return Message(f"{key}.accuracy", details)
    return Message(
        key, {"epoch": loss.epoch, "value": f"{loss.value:.4f}", "constant": f"{constant.loss:.4f}"}
    )


def still_falling(run: Run, turn: Turn) -> bool:
    """Whether the validation loss is lowest at the end and got there by more than one would see of chance."""
    first = next((epoch.val_loss for epoch in run.epochs if epoch.val_loss is not None), math.nan)
    return turn.epochs_after == 0 and not turn.value >= (1 - _SEEN) * first


def fell_apart(run: Run, turn: Turn) -> bool:
    """Whether the training loss got worse too after the turn: then nothing was memorised from there on."""
    if turn.epoch is None or not turn.epochs_after:
        return False
    then = run.epochs[turn.epoch - 1].loss
    after = [epoch.loss for epoch in run.epochs[turn.epoch :] if math.isfinite(epoch.loss)]
    return math.isfinite(then) and min(after, default=math.inf) > then


def advice_sentences(run: Run, turning: TurningPoint) -> tuple[Message, ...]:
    """What to try, where the network learned nothing or its loss was no longer a number; () elsewhere."""
    found = advice(run, learned=turning.learned)
    if run.reason.code == "not_a_number":  # its own sentence says so
        found = tuple(one for one in found if one != "smaller_learning_rate")
    else:
        sentence = verdict(run, turning)
        if sentence is None:
            return ()
        if sentence.key.startswith(_EARLY):
            # It says to go on; what is wrong with the input is wrong all the same.
            found = tuple(one for one in found if one in ("fill_at_start", "scale_input"))
    return tuple(Message(f"advice.{one}") for one in found)


def accuracy_verdict(run: Run, turning: TurningPoint) -> Message | None:
    """What validation accuracy did meanwhile, which need not agree; None without validation or without learning."""
    loss, accuracy = turning.loss, turning.accuracy
    if run.experiment.validation_size == 0 or loss.epoch is None or accuracy.epoch is None:
        return None
    if not turning.learned:
        return None
    details = {
        "epoch": accuracy.epoch,
        "value": f"{accuracy.value:.1%}",
        "epochs": abs(accuracy.epoch - loss.epoch),
    }
    if not accuracy.confirmed:
        # The loss got worse while the accuracy did not: the lesson is why both can be.
        return Message("verdict.accuracy_on" if loss.confirmed else "verdict.accuracy_open", details)
    if accuracy.epoch > loss.epoch:
        return Message("verdict.accuracy_later", details)
    return Message(
        "verdict.accuracy_same" if accuracy.epoch == loss.epoch else "verdict.accuracy_earlier", details
    )


def next_steps(
    run: Run, turning: TurningPoint, *, found: ResumePoint | None, damaged: bool = False
) -> NextSteps:
    """What to offer under a run that is over, of which a network is `found`, or one that cannot be used (`damaged`)."""
    done, turn = len(run.epochs), turning.loss
    earlier = turn.epoch is not None and turn.epoch < done
    learned = len(found.epochs) if found else 0
    most = MOST_EPOCHS - learned
    going = learned > 0 and most > 0 and run.reason.code != "not_a_number"
    few = _FEW if learned <= _FEW else _MANY
    if run.reason.code == "time_limit":  # what was planned is not done yet
        few = max(1, run.experiment.epochs - learned)
    suggested = min(most, few) if going else None
    resume = None
    if can_be_resumed(run) and not damaged and (found or ended_badly(run)):
        resume = found.epoch if found else 0
    if resume is not None and (ended_badly(run) or (turning.learned and not turn.confirmed)):
        earlier, first = earlier and turning.learned, "resume"
    elif not turning.learned:
        earlier = False
        first = "extend" if going and still_falling(run, turn) else "change"
    elif turn.confirmed and earlier:
        first = "train_to"
    elif going and run.experiment.validation_size:
        first = "extend"
    else:
        first = "change"
    return NextSteps(turn.epoch if earlier else None, suggested, max(most, 0), first, resume)


def way_to_try(run: Run) -> tuple[str, str]:
    """How a reader can question the network of a run, as a key of the language files and the name of an icon."""
    facts = run.experiment.facts
    if facts.kind == "text":
        return "try.ask_network", "edit_note"
    return ("try.distort_for_network", "tune") if facts.drawing is None else ("try.draw_for_network", "draw")
