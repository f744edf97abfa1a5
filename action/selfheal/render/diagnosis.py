"""A diagnosis for people: the cause first, in a few lines."""

from selfheal.contract.diagnosis import Diagnosis


def diagnosis_text(diagnosis: Diagnosis, *, most: int = 5) -> str:
    """Render the category, the causes with their places, and the advice."""
    lines = [f"{diagnosis.category.value}: {diagnosis.summary}"]
    for failure in diagnosis.failures[:most]:
        place = ":".join(str(part) for part in (failure.file, failure.line, failure.column) if part is not None)
        code = f" [{failure.code}]" if failure.code else ""
        first = failure.message.splitlines()[0] if failure.message else ""
        lines.append(f"  {place or failure.tool}: {first}{code}")
    if len(diagnosis.failures) > most:
        lines.append(f"  and {len(diagnosis.failures) - most} more")
    if diagnosis.failures and diagnosis.failures[0].excerpt:
        lines += ["", *(f"    {line}" for line in diagnosis.failures[0].excerpt.splitlines()[:20])]
    if diagnosis.advice:
        lines += ["", f"  {diagnosis.advice}"]
    return "\n".join(lines)
