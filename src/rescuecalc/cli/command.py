"""A command that refuses what typer would pass silently: a scalar option given twice, and an empty value."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperOption

from rescuecalc.cli.exit_codes import TYPED
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.quantities.decimal_text import quoted
from rescuecalc.errors import InputError
from rescuecalc.requests.input.inputs import one_of
from rescuecalc.requests.input.option import Argument, Option, options_of, request_from

_AS_JSON: Final = "as_json"
_JSON_INSTEAD_OF: Final = (None, "text", "json")
"""The formats that --json replaces: a command that prints CSV alone has no --json."""
_FILE: Final = "result_file"
_NO_INPUT: Final = "no_input"
_PARSER: Final = "rescuecalc.parser"


class StrictCommand(TyperCommand):
    """Of two weights on one command line typer would take the last; here neither is taken.

    A command with formats also takes --json, and -o FILE for its result.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        formats = [each for each in self.params if each.name == "output"]
        if any(each.default in _JSON_INSTEAD_OF for each in formats):
            self.params.append(
                TyperOption(
                    param_decls=[_AS_JSON, "--json"], is_flag=True, default=False, help="Same as --format json."
                )
            )
        if formats:
            self.params += [
                TyperOption(param_decls=[_FILE, "-o", "--output"], metavar="FILE", help="Write the result to FILE."),
                TyperOption(
                    param_decls=[_NO_INPUT, "--no-input"],
                    is_flag=True,
                    default=False,
                    help="Never ask for missing values, also on a terminal.",
                ),
            ]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        from rescuecalc.cli.option_groups import grouped  # noqa: PLC0415  # only help pays for it

        for heading, lines in grouped(self.get_params(ctx), ctx):
            with formatter.section(heading):
                formatter.write_dl(lines)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; its result goes into the file of -o, if one is named."""
        if isinstance(ctx.params.get("output"), str):  # ids in any case, and the names of formats too
            ctx.params["output"] = ctx.params["output"].lower()
        as_json, file = ctx.params.pop(_AS_JSON, False), ctx.params.pop(_FILE, None)
        no_input = ctx.params.pop(_NO_INPUT, True)
        if as_json:
            if ctx.params["output"] not in _JSON_INSTEAD_OF or _is_typed(ctx, "output", "text"):
                raise InputError("--json and --format name two formats; write one of them")
            ctx.params["output"] = "json"
        if file is None:
            return self._ran(ctx, no_input=no_input)
        if ctx.params.get("card") and ctx.params["output"] != "text":
            raise InputError("--card and --format are two results, and one file is named; write one of them")
        from rescuecalc.cli.result_file import refuse_result, written  # noqa: PLC0415  # only -o pays for it

        refuse_result(ctx, Path(file))
        return written(self._ran(ctx, no_input=no_input), Path(file))

    def _ran(self, ctx: Any, *, no_input: bool) -> Any:
        """Return what the command returns; on a terminal what it misses is asked for."""
        run: Any = super().invoke
        if no_input or not somebody_answers():
            return run(ctx)
        from rescuecalc.cli.asking import with_answers  # noqa: PLC0415  # only a terminal pays for it

        return with_answers(lambda: run(ctx), ctx, ctx.meta[TYPED])

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser of this command line, made once: both what refuses here and typer read with it."""
        if _PARSER not in ctx.meta:
            ctx.meta[_PARSER] = super().make_parser(ctx)
        return ctx.meta[_PARSER]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # As it was typed, for the command line that is shown once missing values were asked for.
        ctx.meta[TYPED] = list(args)
        args = _with_card_file(args) if any(each.name == "card" for each in self.params) else args
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        for param in self.params:
            option, value = param.opts[0], values.get(param.name or "")
            several = getattr(param, "multiple", False) or param.nargs != 1
            if order.count(param) > 1 and not several and not getattr(param, "is_flag", False):
                raise InputError(f"{option} is given more than once; give it once")
            both = [each for each in (*param.opts, *param.secondary_opts) if each in args]
            if param.secondary_opts and {*both} & {*param.opts} and {*both} & {*param.secondary_opts}:
                raise InputError(f"{' and '.join(both)} contradict each other; leave one of them out")
            # Of "--weight --run-time 24h" typer would take the second option for the weight.
            if isinstance(value, str) and value.startswith("--") and option.startswith("-"):
                raise InputError(f"{option} has no value before {quoted(value)}; write one, or leave the option out")
            # An empty shell variable, as in --weight "$W", is a mistake of a script and no wish.
            if "" in (value if several and value else [value]):
                leave = ", or leave the option out" if option.startswith("-") else ""
                raise InputError(f"{option} has an empty value; write one{leave}")
        return super().parse_args(ctx, args)


def _is_typed(ctx: Any, name: str, value: str) -> bool:
    """Return whether a value stands on the command line that is the default too."""
    source = ctx.get_parameter_source(name)
    return ctx.params[name] == value and source is not None and source.name == "COMMANDLINE"


def _with_card_file(args: list[str]) -> list[str]:
    """Return ``--card FILE.html`` as ``--card --output FILE.html``: typer has no option whose value may be left out."""
    if "--card" not in args:
        return args
    place = args.index("--card") + 1
    is_file = place < len(args) and args[place].lower().endswith((".html", ".htm"))
    if is_file and {"-o", "--output"} & {each.partition("=")[0] for each in args}:
        raise InputError("--card FILE and -o name two files for one card; write one of them")
    return [*args[:place], "--output", *args[place:]] if is_file else args


def somebody_answers() -> bool:
    """Return whether a question would be read and answered: standard input and standard error are terminals."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def spread(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that takes each field of its NamedTuple parameters as an option of its own.

    So what a request can be asked stands in one place, with its help, and typer is told of it here.
    """
    own = inspect.signature(function).parameters
    groups = {name: each.annotation for name, each in own.items() if hasattr(each.annotation, "_fields")}
    options = {name: options_of(group) for name, group in groups.items()}
    spread_out = []
    for name, each in own.items():
        fields = options[name] if name in groups else {name: (each.annotation, each.default)}
        spread_out += [
            inspect.Parameter(
                field, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_for_typer(annotation, field)
            )
            for field, (annotation, default) in fields.items()
        ]

    def command(**values: Any) -> Any:
        grouped = {
            name: request_from(group, {field: values.pop(field) for field in options[name]})
            for name, group in groups.items()
        }
        return function(**grouped, **values)

    made: Any = command
    made.__name__, made.__doc__, made.__signature__ = function.__name__, function.__doc__, inspect.Signature(spread_out)
    made.__annotations__ = {each.name: each.annotation for each in spread_out}
    return command


def _for_typer(annotation: Any, name: str) -> Any:
    """Return the annotation of a field with its option as typer's."""
    for each in getattr(annotation, "__metadata__", ()):
        made: Any = None
        if isinstance(each, Option):
            flags = (each.flag or f"--{name.replace('_', '-')}", *((each.short,) if each.short else ()))
            made = typer.Option(*flags, metavar=each.metavar, help=_help(each))
        elif isinstance(each, Argument):
            made = typer.Argument(metavar=each.metavar, help=_help(each))
        if made is not None:
            return Annotated[annotation.__origin__, made]
    return annotation


def _help(each: Option | Argument) -> str:
    return f"{each.help}  [required{each.needed}]" if each.needed is not None else each.help


def command_app(function: Any, example: str) -> typer.Typer:
    """Return a typer app of one strict command, whose help ends with an ``example``."""
    made = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    settings: Any = {"epilog": f"Example: rescuecalc {example}", "context_settings": HELP}
    made.command(cls=StrictCommand, **settings)(function)
    return made


HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def group_app() -> typer.Typer:
    """Return a typer app for a command with commands of its own."""
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        context_settings=HELP,
    )


FailOn = Annotated[
    str, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 at this severity or above: error, warning or note.")
]


def severity(value: str) -> Severity:
    """Return the severity named by --fail-on."""
    return Severity(one_of(value, tuple(Severity), "--fail-on"))
