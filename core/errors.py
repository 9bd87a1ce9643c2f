"""The exceptions a caller of `core` may meet, and the sentence that goes with each.

Every error carries a `code` and `details`, so that a page can say it in the reader's language, and reads
as one English sentence by itself: what is wrong, what was received, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.sentences import filled

# One sentence a code. `{names}` are filled from the details, as `core.sentences` says. The dashboard's language
# files hold the same sentences under "error.CODE"; a test compares the English ones with this table.
MESSAGES: dict[str, str] = {
    # experiments
    "not_an_experiment": "This is not an experiment: {received}. Start from a preset and change it.",
    "unknown_field": "There is no setting called {field!r}. Remove it, or use one of: {known}.",
    "missing_field": "The setting {field!r} is missing. Add it.",
    "below_minimum": "{field} is {received}, but must be at least {bound}.",
    "above_maximum": "{field} is {received}, but must be at most {bound}.",
    "not_above": "{field} is {received}, but must be greater than {bound}.",
    "not_below": "{field} is {received}, but must be less than {bound}.",
    "too_many": "{field} has {received} {received:entry|entries}, but may have at most {bound}.",
    "not_a_whole_number": "{field} is {received!r}, but must be a whole number.",
    "not_a_number": "{field} is {received!r}, but must be a number.",
    "not_text": "{field} is {received!r}, but must be a word.",
    "not_yes_or_no": "{field} is {received!r}, but must be true or false.",
    "not_a_list": "{field} is {received!r}, but must be a list.",
    "not_a_table": "{field} is {received!r}, but must be a table of settings.",
    "wrong_type": "{field} is {received!r}, which does not fit there.",
    "unknown_choice": "{field} is {received!r}. Choose one of: {known}.",
    "no_layers": (
        "The network has no layers. Add at least an output layer with {classes} {classes:unit|units}."
    ),
    "output_units": (
        "The last layer gives {received} {received:value|values} a sample, but {dataset} has {classes} "
        "{classes:class|classes} and the loss {loss} needs {needed}. Give the last Dense layer {needed} "
        "{needed:unit|units}."
    ),
    "output_rank": (
        "The network ends with shape {shape} a sample, but a prediction is one row of {needed} "
        "{needed:value|values}. End with Flatten or a pooling layer and then Dense with {needed} "
        "{needed:unit|units}."
    ),
    "output_activation": (
        "The last layer has the activation {received}, but the loss {loss} on {classes} "
        "{classes:class|classes} needs probabilities: use {needed}."
    ),
    "sigmoid_with_classes": (
        "The last layer is a sigmoid, but {dataset} has {classes} {classes:class|classes}, exactly one of "
        "which is right. Use softmax with {classes} {classes:unit|units}."
    ),
    "binary_loss_with_classes": (
        "Binary cross-entropy is for two classes, but {dataset} has {classes}. "
        "Use categorical or sparse categorical cross-entropy with softmax."
    ),
    "categorical_loss_with_one_unit": (
        "The loss {loss} compares the shares of several units, but the last layer has only one. Use one unit "
        "for each of the {classes} {classes:class|classes} with softmax, or binary cross-entropy."
    ),
    "layer_needs_image": (
        "Layer {position}, {layer}, needs images of shape (height, width, channels), but receives {shape} a "
        "sample. Choose the encoding 'image'."
    ),
    "layer_after_flatten": (
        "Layer {position}, {layer}, needs images of shape (height, width, channels), but receives one row of "
        "{shape} {shape:value|values} a sample. Move it before Flatten, and feed the network images."
    ),
    "layer_needs_sequence": (
        "Layer {position}, {layer}, needs a sequence of shape (steps, features), but receives {shape} a "
        "sample. Feed images row by row, or texts padded with an Embedding in front."
    ),
    "embedding_not_first": (
        "Layer {position}, Embedding, turns the network's own input, one row of whole numbers, into vectors. "
        "Make it the first layer and choose the encoding {encoding!r}."
    ),
    "multi_hot_needs_dense": (
        "Multi-hot texts need Dense as the first layer, but it is {layer}: only Dense can skip the thousands of "
        "zeros in them. Put a Dense layer in front, or choose the encoding 'padded'."
    ),
    "padded_needs_embedding": (
        "Padded texts need Embedding as the first layer, but it is {layer}: word numbers are names, not amounts, and "
        "must become vectors first. Put an Embedding layer in front, or choose the encoding 'multi_hot'."
    ),
    "text_scaled": (
        "The texts of {dataset} cannot be scaled by {received!r}: word numbers are names, not amounts. "
        "Choose no scaling."
    ),
    "num_words_larger_than_data": (
        "The experiment keeps word numbers below {received}, but {dataset} has {words} different "
        "{words:word|words}. Use at most {bound}."
    ),
    "embedding_scaled": (
        "Layer {position}, Embedding, needs whole numbers, but the scaling {received!r} makes fractions of them. "
        "Choose no scaling."
    ),
    "embedding_vocabulary": (
        "Layer {position}, Embedding, knows {vocabulary} different {vocabulary:number|numbers}, but the "
        "values go from 0 to {received}. Give it a vocabulary of at least {needed}."
    ),
    "layer_needs_space": (
        "Layer {position}, {layer}, needs a shape it can pool over, but receives {shape} a sample. "
        "Remove it, or feed the network images, or texts padded with an Embedding in front."
    ),
    "kernel_too_large": (
        "Layer {position}, {layer}, has a window of {kernel} x {kernel}, larger than the image of "
        "{height} x {width} it receives. Use at most {largest}, or padding 'same'."
    ),
    "too_many_parameters": (
        "The network has {received} {received:parameter|parameters}, more than the {limit} this program "
        "trains. Use fewer units, or make the image smaller with pooling."
    ),
    "too_much_memory": (
        "Training would need about {received} MB of memory, more than the {limit} MB allowed. "
        "Use a smaller batch, fewer units or fewer filters."
    ),
    "batch_larger_than_data": (
        "The batch size is {received}, but only {rows} {rows:sample|samples} {rows:is|are} left for "
        "training. Use at most {rows}."
    ),
    "split_too_large": (
        "The validation set would take {received} of the {rows} training {rows:sample|samples} and leave "
        "none to learn from. Keep back fewer."
    ),
    "monitor_needs_validation": (
        "{callback} watches {monitor}, but the experiment keeps back no validation data. "
        "Choose a validation split, or watch {instead}."
    ),
    "fold_not_there": "There is no fold {received}: they are counted from 0 to {last}.",
    "limit_larger_than_data": (
        "The experiment asks for the first {received} training {received:sample|samples}, but {dataset} has "
        "{rows}. Use at most {rows}, or all."
    ),
    "encoding_not_for_data": (
        "The encoding {received} does not fit {dataset}, whose samples are of the kind {kind!r}. Use one of: {known}."
    ),
    # links, files, presets
    "unknown_preset": "There is no preset called {received!r}. The presets are: {known}.",
    "unreadable_toml": "{name} is not readable as TOML: {reason}. Check the line it names.",
    "toml_too_deep": (
        "{name} nests lists or tables more than {bound} deep, which no experiment does. Check its brackets."
    ),
    "toml_number_too_long": (
        "{name} has a whole number of more than {bound} {bound:digit|digits}, which no setting needs. "
        "Shorten it."
    ),
    "link_too_long": (
        "What is said of {field} is too long ({received} {received:character|characters}). At most "
        "{bound} {bound:is|are} read."
    ),
    "link_unknown_kind": "{field} cannot be {received!r}. Use one of: {known}.",
    "link_unknown_setting": "{received!r} is not a setting of {kind}. Its settings are: {known}.",
    "name_missing": (
        "Name what to train: a preset, a file that ends in .toml, or with --resume a run that was broken off."
    ),
    "set_needs_value": "{received!r} is not a change. Write it as FIELD=VALUE.",
    "set_unknown_place": "The experiment has no setting {received!r}. A preset's TOML file shows all there are.",
    "set_unknown_setting": "{place} is {kind}, which has no setting {received!r}. It has: {known}.",
    "set_no_settings": "{place} is {kind}, which has no settings, so there is no {received!r}. Choose another kind.",
    "set_unknown_layer": "There is no layer {received!r}: the network's layers are counted from 0 to {last}.",
    "set_not_a_part": "{place} is one value and has no settings, so there is no {received!r}. Set {place} itself.",
    "set_part_is_off": "{place} is off, so {received!r} cannot be set. Switch it on first, as {place}=on.",
    "given_twice": "{field} is given twice. Give it once.",
    "number_too_long": (
        "The number for {field} has {received} {received:character|characters}. At most {bound} "
        "{bound:is|are} read."
    ),
    "set_seeds": "{received!r} are no seeds. Say how many, as 5, or which, as 1,2,3.",
    "set_depth": "The number of hidden layers cannot be {received}. Use a whole number from 1 to {bound}.",
    "file_missing": "There is no file {name}. Check the name.",
    "file_is_folder": ("{name} is a folder, not a file. Name a TOML file in it."),
    "file_is_device": (
        "{name} is no ordinary file but a device or a pipe, so it was not opened. Name a TOML file."
    ),
    "file_unreadable": ("The file {name} cannot be read: {reason}. Check who may read it, or copy it again."),
    "file_too_large": (
        "{name} is larger than {bound} {bound:byte|bytes}, so it is no experiment. Name the TOML file of one."
    ),
    "file_other_encoding": (
        "{name} is not UTF-8; it looks like {encoding}. Open it in an editor and save it as UTF-8."
    ),
    "file_not_utf8": (
        "{name} is not UTF-8 (line {line}). If it is a text, open it in an editor and save it as UTF-8."
    ),
    # studies
    "plan_fold_count": "{received!r} is no number of folds. Write a whole number, as 5.",
    "plan_factors": (
        "{received} {received:setting|settings} shall be varied at once. Choose at most {bound}."
    ),
    "plan_factor_twice": "The setting {received} is varied twice. Name it once, with all its values.",
    "plan_not_a_factor": "{received} cannot be varied as a setting. Repeat with several seeds, or cross-validate.",
    "plan_no_values": "There are no values for {setting}. Give at least one.",
    "plan_value_twice": "The value {received} for {setting} is there twice. Leave one out.",
    "plan_seeds": (
        "{received} {received:seed|seeds} {received:was|were} given. Give at least one, each a whole number "
        "from 0 to {bound}."
    ),
    "plan_folds": (
        "The samples cannot be divided into {received} {received:fold|folds}. Choose 2 to {bound}, or none."
    ),
    "plan_too_large": (
        "This makes {received} {received:run|runs}. Choose fewer values, seeds or folds: at most {bound} "
        "{bound:run|runs}."
    ),
    "unknown_study": "There is no study {received!r}. It may have been deleted.",
    # data
    "data_missing": (
        "The data set {dataset} is not on this computer. Fetch it with `python -m core data fetch {dataset}`, "
        "or put {files} into a folder and name it in TURNING_POINT_DATASETS."
    ),
    "data_folder_missing": (
        "The folder {folder}, which TURNING_POINT_DATASETS names, is not there. Correct the variable or make "
        "the folder."
    ),
    "data_folder_is_file": (
        "{folder}, which TURNING_POINT_DATASETS names, is no folder. Name the folder in which the files are."
    ),
    "data_folder_unreadable": (
        "The folder {folder}, which TURNING_POINT_DATASETS names, may not be read: {reason}. Give this user "
        "the right to read it, or name another."
    ),
    "data_part_missing": (
        "The folder {folder} has only a part of the data set {dataset}: {there}. Put the rest there too: {missing}."
    ),
    "data_not_readable": (
        "The file {name} of the data set {dataset} may not be read: {reason}. Give this user the right to "
        "read it."
    ),
    "data_damaged": (
        "The file {name} of the data set {dataset} cannot be read: it is damaged or was not copied "
        "completely. Delete it or copy it again."
    ),
    "data_array_missing": (
        "The file {name} has no array {array}; the data set {dataset} consists of {known}. Replace it by the "
        "published file."
    ),
    "data_pickled": (
        "The file {name} of the data set {dataset} holds Python objects instead of plain numbers in {array}. "
        "It was not opened, because such a file can run code. Replace it by the published file."
    ),
    "data_wrong_shape": (
        "The array {array} in {name} is {received}, but in the data set {dataset} it is {expected}. "
        "Replace the file by the published one."
    ),
    "data_wrong_content": (
        "The array {array} in {name} does not have the published content of the data set {dataset} (SHA-256). "
        "Delete the file or copy it again."
    ),
    "data_other_set": (
        "The file {name} holds the data set {received}, not {dataset} (array {array}). Give it the name of "
        "its own set, or replace it."
    ),
    "data_copy_damaged": (
        "The program's own copy of the data set {dataset} is damaged ({name}) and could not be made anew. "
        "Fetch it again with `python -m core data fetch {dataset}`."
    ),
    "data_wrong_download": (
        "What {host} sent as {name} is not the published data set {dataset}; a login page or a filter of the "
        "network may have answered instead. Nothing was kept. Try again in another network, or put {files} "
        "into a folder and name it in TURNING_POINT_DATASETS."
    ),
    "data_no_network": (
        "The data set {dataset} could not be fetched: {host} cannot be reached. Without internet, put {files} "
        "into a folder and name it in TURNING_POINT_DATASETS, or use data that needs no download: {offline}."
    ),
    "data_not_trusted": (
        "The data set {dataset} could not be fetched: the certificate of {host} was refused ({reason}). If a "
        "filter or proxy of the network puts its own in place, ask who runs the network for it and name its "
        "file in REQUESTS_CA_BUNDLE; else check the computer's clock. Or put {files} into a folder and name "
        "it in TURNING_POINT_DATASETS."
    ),
    "data_no_certificates": (
        "The data set {dataset} could not be fetched: {bundle}, which REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE "
        "names, is no readable file of certificates. Correct or remove the variable, or put {files} into a "
        "folder and name it in TURNING_POINT_DATASETS."
    ),
    "data_cut_short": (
        "The connection to {host} broke off while the data set {dataset} was fetched. Nothing was kept. Try "
        "again, or put {files} into a folder and name it in TURNING_POINT_DATASETS."
    ),
    "data_not_served": (
        "The data set {dataset} could not be fetched: {host} refused ({received}). Try again later, or put "
        "{files} into a folder and name it in TURNING_POINT_DATASETS."
    ),
    "data_no_space": "The data set {dataset} could not be kept in {folder}: {reason}. Free some space.",
    "unknown_dataset": "There is no data set called {received!r}. The data sets are: {known}.",
    # texts that a person typed
    "text_empty": (
        "There is no word in the text ({received} {received:character|characters}). Type at least one word "
        "in English letters."
    ),
    "text_too_long": "The text has {received} {received:character|characters}. Shorten it to {bound}.",
    "text_unknown_words": (
        "{received:The only word of the text is not|None of the # words of the text is} among the {kept} "
        "{kept:word|words} that the network knows. Type an English text."
    ),
    "text_not_there": "The test set of {dataset} has no text {received}. Choose one from 0 to {last}.",
    # images that a person drew
    "image_count": (
        "The question is about {received} {received:image|images}. Ask about one at least, and {bound} at "
        "most."
    ),
    "drawing_empty": "There is nothing on the pad yet. Draw something.",
    "drawing_unreadable": (
        "What the pad sent is no drawing of {side} x {side} {side:pixel|pixels}. Clear it and draw anew."
    ),
    "image_size": (
        "The image has {received} {received:pixel|pixels}, but the network sees {height} x {width}. Draw it "
        "anew."
    ),
    "image_values": (
        "The image has values from {lowest} to {highest}, but pixels go from 0 to {largest}. Draw it anew."
    ),
    # settings of the web server
    "frames_no_origin": (
        "TURNING_POINT_FRAMES names {received!r}, but must name the beginnings of addresses, with spaces between "
        "them: https://moodle.example.org, without a path."
    ),
    "hosts_no_name": (
        "TURNING_POINT_HOSTS names {received!r}, but must name computers, with spaces between them: "
        "class.example.org, without https:// and without a port."
    ),
    # runs and storage
    "unknown_run": "There is no run {received!r}. It may have been deleted; the run list shows what is there.",
    "run_not_over": "Run {run} is still {state}. Stop it first, or wait until it has ended.",
    "run_not_trained": "Run {run} kept no weights, so it cannot be continued. Train it anew.",
    "run_ended": (
        "Run {run} was not broken off: it came to its end, or would end there again. "
        "Go on for more epochs, or change it and train anew."
    ),
    "run_before_deleted": (
        "Run {run}, from whose weights this one was to go on, has been deleted. Train a new network instead."
    ),
    "run_needed": (
        "Run {run} cannot be deleted yet: run {by} goes on from its weights. Wait until that one has ended, or stop it."
    ),
    "resume_with_changes": (
        "A run that is gone on with keeps its experiment, but {received} was given too. Leave it out, or train anew."
    ),
    "run_not_about_texts": (
        "The network of run {run} learned images ({dataset}), so it has nothing to say about texts."
    ),
    "run_not_about_images": (
        "The network of run {run} learned texts ({dataset}), so it has nothing to say about images."
    ),
    "run_not_multi_hot": (
        "The effects of all words are worked out for multi-hot networks only, and that of run {run} "
        "sees sequences."
    ),
    "run_first_layer": "The first layer of run {run} that learns, {layer}, has nothing of this kind to show.",
    "run_no_such_class": "{dataset} has no class {received}. Choose one from 0 to {last}.",
    "run_no_hidden_layer": "The network of run {run} has no hidden layer, so it has nothing between input and answer.",
    "run_no_such_sample": "The test set of {dataset} has no sample {received}. Choose one from 0 to {last}.",
    "database_away": (
        "The database {name} does not answer: {reason}. Trainings go on meanwhile, and their results follow. "
        "Try again in a moment."
    ),
    "database_lost": (
        "The database did not answer for {seconds} {seconds:second|seconds}, so the training was given up. "
        "Once it answers again, start the run anew."
    ),
    "home_deleted": (
        "The folder {folder} with the stored runs was deleted or replaced while the program ran. Put it back as it "
        "was, or start the program anew; it then begins with an empty one."
    ),
    "database_unavailable": "The database {name} cannot be used: {reason}. Check TURNING_POINT_DATABASE.",
    "database_other_version": (
        "The database {name} has layout {received}, but this version of the program needs layout {needed}. "
        "Use the version that wrote it, or name another database in TURNING_POINT_DATABASE."
    ),
    "artifacts_unavailable": (
        "The folder for weights and predictions, {folder}, cannot be used: {reason}. "
        "Check TURNING_POINT_ARTIFACTS and the free space."
    ),
    "artifact_damaged": (
        "The file {name} of run {run} is damaged or was not written completely, so nothing of it was used. "
        "Train the run anew."
    ),
    "checkpoint_layout": (
        "The checkpoint of run {run} was written by another version of this program (layout {received}, here "
        "{needed}). Go on with that version, or train the run anew."
    ),
    "checkpoint_other_experiment": (
        "The checkpoint among the files of run {run} is not that of its experiment, so it was not used. "
        "Train the run anew."
    ),
    "artifact_missing": "The file {name} of run {run} is not there. The run may have ended before it was written.",
    "file_unwritable": "The file {name} cannot be written: {reason}. Name another place.",
    "home_no_locks": (
        "The file system of the folder {folder} knows no locks, as some network drives do not. Name a folder on a "
        "local disk in TURNING_POINT_HOME."
    ),
    "disk_full": (
        "The disk with {folder} is full: {free} MB {free:is|are} free, and {needed} MB {needed:is|are} "
        "needed. Delete something there; then it goes on by itself."
    ),
    "disk_full_for_run": (
        "There is no room for this training on the disk with {folder}: it needs about {needed} MB, and "
        "{free} MB {free:is|are} free. Delete old runs or other files, or train fewer epochs."
    ),
    "home_unusable": "The folder {folder} cannot be written: {reason}. Set TURNING_POINT_HOME to one that can.",
    "queue_full_address": (
        "{received} {received:run|runs} asked for from your address {received:is|are} already waiting. Let "
        "some end, or remove them from the queue."
    ),
    "queue_full_all": (
        "{received} {received:run|runs} {received:is|are} already waiting on this server. Wait until some "
        "have ended."
    ),
    "queue_full": (
        "{received} {received:run|runs} of yours {received:is|are} already waiting. Let some end, or remove "
        "them from the queue."
    ),
    "queue_no_room": (
        "This study would put {received} {received:run|runs} into the queue, which has room for {room} more "
        "now. Choose fewer values, seeds or folds, or wait until some runs have ended."
    ),
    # settings
    "variable_unknown": "There is no variable {variable}. Did you mean {known}? Correct or remove it.",
    "variable_not_a_number": (
        "{variable} is {received!r}, but must be a whole number from {lowest} to {highest}. Correct or remove it."
    ),
    "variable_no_address": (
        "{variable} is {received!r}, but must be the address of a Dask scheduler, as tcp://host:8786. "
        "Correct or remove it."
    ),
    "variable_no_folder": "{variable} is {received!r}, but there is no user of that name. Write the whole path.",
    # quick questions
    "answers_starting": "The process that answers questions is still starting. Try again in a few seconds.",
    "answers_absent": (
        "There is no process that answers questions. Start the server anew, or `python -m "
        "core.jobs.engine` beside it."
    ),
    "answers_late": (
        "There was no answer within {seconds} {seconds:second|seconds}. Try again, or shorten the text."
    ),
    "answers_busy": (
        "{received} {received:question|questions} {received:is|are} waiting already. Ask again in a moment."
    ),
    "answers_failed": "The process that was to answer has failed; the server's log says why. Ask again.",
}


LONGEST_ECHO = 80
"""How many characters of what somebody typed a sentence repeats."""

# The details that repeat what somebody typed, with as much of each as a sentence bears.
_ECHOES = {
    "received": LONGEST_ECHO,
    "field": LONGEST_ECHO,
    "setting": LONGEST_ECHO,
    "reason": 3 * LONGEST_ECHO,
}


def short(value: object, most: int = LONGEST_ECHO) -> str:
    """What was received, fit to be repeated in a sentence: cut after so many characters, with "…" in place of the rest.

    Args:
        value: A text, which is taken as it is, or anything else, which is written as Python writes it.
        most: The number of characters that is kept.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to write a number of more than 4,300 digits: only the first ones are worked out.
        beyond = max(0, int(value.bit_length() * 0.30103) - 2 * most)
        text = f"{'-' if value < 0 else ''}{abs(value) // 10**beyond}"
    else:
        text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _with_short_echoes(details: Mapping[str, object]) -> dict[str, object]:
    found = dict(details)
    for name, most in _ECHOES.items():
        value = found.get(name)
        long = len(value) > most if isinstance(value, str) else False
        if long or (isinstance(value, int) and value.bit_length() > _LONG_NUMBER):
            found[name] = short(value, most)
    return found


_LONG_NUMBER = 64  # bits


class TurningPointError(Exception):
    """Base of all errors of this package.

    Args:
        code: A key of `MESSAGES`.
        **details: What the sentence names; plain strings and numbers. What repeats a long input is cut short.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = _with_short_echoes(details)
        super().__init__(filled(MESSAGES[code], self.details))

    def __reduce__(self) -> tuple[object, ...]:
        # As exceptions are copied to other processes by themselves, the sentence would become the code.
        return _again, (type(self), self.code, self.details)


def _again(kind: type[TurningPointError], code: str, details: Mapping[str, object]) -> TurningPointError:
    return kind(code, **details)


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with an experiment.

    Attributes:
        code: A key of `MESSAGES`.
        where: The setting it concerns, dotted and from 0: "epochs", "layers.2.units"; "" for the whole.
        details: What the sentence names. What repeats a long input is cut short.
    """

    code: str
    where: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "details", _with_short_echoes(self.details))

    def __str__(self) -> str:
        return filled(MESSAGES[self.code], self.details)


class ExperimentError(TurningPointError):
    """An experiment that cannot be: everything found wrong with it is in `problems`, the first one first."""

    def __init__(self, problems: Iterable[Issue]) -> None:
        self.problems: tuple[Issue, ...] = tuple(problems)
        first = self.problems[0]
        super().__init__(first.code, **first.details)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class PresetError(TurningPointError):
    """A preset, experiment file or link that cannot be read."""


class PlanError(TurningPointError):
    """A plan of several experiments that cannot be."""


class DataError(TurningPointError):
    """A data set that is missing, damaged or out of reach."""


class DataMissingError(DataError):
    """The data set is not on this computer."""


class DataDamagedError(DataError):
    """A file does not hold what it should; nothing of it was used."""


class NoNetworkError(DataError):
    """The data set could not be fetched."""


class TextError(TurningPointError):
    """A typed text from which no input for a network can be made."""


class DrawingError(TurningPointError):
    """Nothing can be made of an image that a person drew."""


class SettingsError(TurningPointError):
    """A variable of the environment that cannot be what it says."""


class StorageError(TurningPointError):
    """The database or the artifact folder does not answer."""


class DatabaseAwayError(StorageError):
    """The database does not answer now, as while it restarts or somebody has locked it; it may come back."""


class DatabaseLostError(StorageError):
    """The database was away for so long that nobody waits for it any more."""


class DiskFullError(StorageError):
    """There is no room on the disk; what was to be written was not."""


class UnknownRunError(StorageError):
    """A run that is not, or no longer, in storage."""


class UnknownStudyError(StorageError):
    """There is no study of this id."""


class ArtifactMissingError(StorageError):
    """A file of a run that was never written."""


class ArtifactDamagedError(StorageError):
    """A file of a run that does not hold what was written."""


class RunError(TurningPointError):
    """Something asked of a run that its state does not allow."""


class JobError(TurningPointError):
    """A training that cannot be queued, or a question that is not answered."""
