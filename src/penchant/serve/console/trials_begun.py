"""The form that begins an experiment: its arms, what is compared, when it ends by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from nicegui import ui

from penchant.errors import UsageError
from penchant.serve.console.desk import Desk
from penchant.serve.console.shell import heading, press, said
from penchant.serve.experiments import Arm, Plan
from penchant.serve.trials import start

__all__ = ["begin", "rule"]

_SHARES: Final = ("diversity", "calibration", "explore_share")
_METRICS: Final = {"take_up": "take_up", "conversion": "conversion", "value": "paid"}
_MOST_ARMS: Final = 10


def rule(desk: Desk, plan: Mapping[str, Any]) -> str:
    """Say when an experiment ends by itself.

    Args:
        desk: Before the reader.
        plan: Fields of a `Plan`.
    """
    least, most = f"{plan['least_users']:,}", f"{plan['most_users']:,}"
    return desk.say("stop_rule", least, most, f"{plan['level']:.4g}", f"{plan['days']:g}")


def begin(desk: Desk) -> None:
    """Draw the form; what it would do is said before it is done."""
    heading(desk.say("begin_trial"))
    said(desk.say("begin_why"))
    with ui.element("div").classes("asking"):
        name = ui.input(desk.say("trial_name")).props("outlined dense maxlength=200")
        metric = ui.select(
            {key: desk.say(word) for key, word in _METRICS.items()},
            value="take_up",
            label=desk.say("metric"),
        ).props("outlined dense")
    place = ui.element("div").classes("halves")
    arms = [_Arm(desk, place, number) for number in (1, 2)]

    def another() -> None:
        if len(arms) < _MOST_ARMS:
            arms.append(_Arm(desk, place, len(arms) + 1))

    press(desk.say("more_arms"), another, icon="add")
    plain = Plan(arms=(Arm("a"), Arm("b")))
    with ui.element("div").classes("asking"):
        bounds = {
            one: _number(desk.say(one), getattr(plain, one), low=low, high=high, step=step)
            for one, low, high, step in (
                ("least_users", 10, 1_000_000, 1),
                ("most_users", 10, 100_000_000, 1),
                ("days", 0.01, 365, 1),
                ("level", 0.5, 0.999, 0.01),
            )
        }
    told = ui.element("div").props("aria-live=polite")

    def planned() -> Plan:
        numbers = {one: _given(field) for one, field in bounds.items()}
        return Plan(
            name=str(name.value or "").strip(),
            arms=tuple(arm.made() for arm in arms),
            metric=metric.value,
            least_users=int(numbers["least_users"]),
            most_users=int(numbers["most_users"]),
            days=numbers["days"],
            level=numbers["level"],
        )

    press(desk.say("begin"), lambda: _ask(desk, told, planned), kind="go")


def _ask(desk: Desk, told: ui.element, planned: Callable[[], Plan]) -> None:
    """Say what would begin, and ask whether that is meant."""
    told.clear()
    with told:
        try:
            plan = planned()
        except UsageError as error:
            said(f"{error}. {error.hint or ''}", kind="alert")
            return
        whole = sum(arm.share for arm in plan.arms)
        shares = ", ".join(f"{arm.name} {arm.share / whole:.0%}" for arm in plan.arms)
        failed = ui.element("div")
        with ui.dialog(value=True) as asked, ui.card():
            said(desk.say("begin_sure", shares, rule(desk, asdict(plan))), kind="plain")

            async def done() -> None:
                asked.close()
                actor = desk.key.key_id
                made = await desk.change(failed, lambda: start(desk.service, plan, actor=actor))
                if made is not None:
                    ui.navigate.to("/experiments")

            with ui.element("div").classes("asking"):
                press(desk.say("begin"), done, kind="go")
                press(desk.say("cancel"), asked.close)


class _Arm:
    """Fields of one arm.

    Args:
        desk: Before the reader.
        place: Where they are drawn.
        number: From 1; the first is what others are compared with.
    """

    def __init__(self, desk: Desk, place: ui.element, number: int) -> None:
        own = desk.say("today") if number == 1 else desk.say("other", number - 1)
        models = [m.model_id for m in desk.service.store.models.all() if m.status != "removed"]
        self._desk, self._number = desk, number
        with place, ui.element("fieldset").classes("card arm"):
            heading(desk.say("arm_number", number), level=3)
            self._name = ui.input(desk.say("name"), value=own)
            self._share = _number(desk.say("share"), 1, low=0.01, high=1000, step=1)
            self._shares = {
                one: _number(desk.say(one), None, low=0, high=1, step=0.1) for one in _SHARES
            }
            self._model = ui.select(models, label=desk.say("model_id"), clearable=True)
            for field in (self._name, self._share, *self._shares.values(), self._model):
                label = str(field.props.get("label", ""))
                field.props("outlined dense")
                field.props["aria-label"] = f"{label}, {desk.say('arm_number', number)}"

    def made(self) -> Arm:
        """Return the arm as it is filled in.

        Raises:
            UsageError: If a number is out of range, or it has no name.
        """
        return Arm(
            name=str(self._name.value or "").strip(),
            share=_given(self._share),
            model_id=self._model.value or None,
            **{
                one: None if field.value is None else float(field.value)
                for one, field in self._shares.items()
            },
        )


def _number(label: str, value: float | None, *, low: float, high: float, step: float) -> ui.number:
    field = ui.number(label, value=value, min=low, max=high, step=step)
    return field.props("outlined dense")


def _given(field: ui.number) -> float:
    """Return the number in *field*.

    Raises:
        UsageError: If it is empty.
    """
    if field.value is None:
        raise UsageError(f"{field.props.get('label')} is empty")
    return float(field.value)
