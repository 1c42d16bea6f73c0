#!/usr/bin/env python3
"""Reports that programs read: every line of JSON fits docs/report.schema.json, every SARIF log has
what SARIF 2.1.0 and GitHub's code scanning require, after each finding and whatever names hold.

Argument: the program write_reports.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not there", file=sys.stderr)
    sys.exit(77)

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1]))
from cases import Failure, attempt, finish  # noqa: E402

SOURCE = HERE.parents[2]
SCHEMA = json.loads((SOURCE / "docs" / "report.schema.json").read_text())
PROGRAM = sys.argv[1]
KINDS = ["classes", "shapes", "hostile", "endless", "threads"]
CLASSES = re.findall(
    r'HARENA__CLASS\(\w+,\s*"([a-z-]+)",\s*"([a-z]+)"',
    (SOURCE / "instrument" / "report" / "classes.inc").read_text(),
)


def require(condition, text):
    if not condition:
        raise Failure(text)


def run(what, options="", stderr=subprocess.PIPE):
    environment = {**os.environ, "HARENA_OPTIONS": f"halt_on_error=0:{options}"}
    result = subprocess.run(
        [PROGRAM, what], stdout=subprocess.PIPE, stderr=stderr, env=environment, timeout=60, check=False
    )
    require(result.returncode == 0, f"{what}: exit status {result.returncode}\n{result.stderr}")
    return result


def text_of(data):
    """Strictly: a byte that is no UTF-8 is a failure."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure(f"no UTF-8: {error}") from error


def parse(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Failure(f"no JSON: {error}\n{text[:2000]}") from error


# ---- JSON ----


def json_findings(what):
    lines = text_of(run(what, "format=json").stderr).split("\n")
    require(lines[-1] == "", "the last line has no end")
    return [parse(line) for line in lines[:-1]]


def signatures_in_text(what):
    text = text_of(run(what).stderr)
    return [line.split("\t", 1)[1] for line in text.split("\n") if line.startswith("HARENA-SIGNATURE\t")]


def fits_the_schema(what):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for finding in json_findings(what):
        for error in validator.iter_errors(finding):
            raise Failure(f"{error.message}\nin {json.dumps(finding)[:2000]}")


def says_what_text_says(what):
    """Two renderers of the same findings: sorted, because threads come in any order."""
    in_json = sorted(finding["signature"] for finding in json_findings(what))
    require(in_json == sorted(signatures_in_text(what)), f"signatures differ: {in_json}")


def every_class_is_there():
    found = [(finding["class"], finding["family"]) for finding in json_findings("classes")]
    require(found == CLASSES, f"{found}")
    families = SCHEMA["properties"]["family"]["enum"]
    require({family for _, family in CLASSES} <= set(families), "the schema lacks a family")


def names_are_kept():
    names = [finding["arena"]["name"] for finding in json_findings("hostile") if "arena" in finding]
    require('"},{"class":"forged"' in names, f"{names}")
    require("a\nSUMMARY: harena: forged\n" in names, f"{names}")
    require("\\xff\\xfe" in names, f"{names}")
    require("\u00fc" * 31 + "\\xc3" in names, f"{names}")


def too_many_frames_are_cut():
    (finding,) = json_findings("endless")
    require(finding["sites"][0]["cut"] and len(finding["sites"][0]["frames"]) > 100, "not cut")
    require(finding["sites"][-1]["subject"] == "arena", "the last site is missing")


def a_tools_report_is_text_and_the_log_has_json():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        result = run("appended", f"format=json:log_path={log}")
        require(b"SUMMARY: harena: leaked-arena" in result.stdout, "no text for the tool's report")
        require(parse(log.read_text())["class"] == "leaked-arena", "no JSON in the log")


def a_signal_handler_writes_json():
    (finding,) = json_findings("signal")
    require("function" not in finding["sites"][0]["frames"][0], "a symbol in a signal handler")


# ---- The environment ----


def gains_rights(program):
    """Whether the kernel runs the file with its owner's rights: not where files are mounted nosuid."""
    output = subprocess.run([program, "rights"], capture_output=True, check=False).stdout
    return output == b"raised\n"


def raised_rights_ignore_the_environment():
    """Only root can give a program another owner's rights. Others prove nothing here, and pass."""
    if os.geteuid() != 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program, log = Path(folder) / "program", Path(folder) / "log"
        shutil.copy(PROGRAM, program)
        options = {**os.environ, "HARENA_OPTIONS": f"exitcode=9:log_path={log}"}
        require(subprocess.run([program, "signal"], env=options, check=False).returncode == 9, "plain")
        log.unlink()
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        if not gains_rights(program):
            return
        result = subprocess.run([program, "signal"], env=options, capture_output=True, check=False)
        require(result.returncode == 1 and not log.exists(), f"{result}")


# ---- SARIF ----


def check_location(location):
    """What GitHub requires of a location."""
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    require(re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9a-f]{2})+", uri), f"uri {uri!r}")
    is_relative = not uri.startswith("file://")
    require(is_relative == ("uriBaseId" in physical["artifactLocation"]), "uriBaseId")
    require(physical["region"]["startLine"] >= 1, "startLine")


def check_message(message):
    """A brace that is not doubled may be read as a placeholder."""
    text = message["text"]
    require(isinstance(text, str) and text, "an empty message")
    require(not re.search("[{}]", re.sub(r"\{\{|\}\}", "", text)), f"a single brace: {text}")


def check_rule(rule):
    require(rule["id"] and "helpUri" not in rule, f"rule {rule}")
    for name in ("shortDescription", "fullDescription", "help"):
        check_message(rule[name])
        require(len(rule[name]["text"]) <= 1024, f"{name} is too long for GitHub")
    require(rule["defaultConfiguration"]["level"] == "error", "level")


def check_result(result, rules):
    require(result["ruleId"] in rules, "ruleId")
    require(result["level"] in ("error", "warning", "note"), "level")
    check_message(result["message"])
    require(len(result["locations"]) == 1, "locations")
    check_location(result["locations"][0])
    ids = [related["id"] for related in result["relatedLocations"]]
    require(len(set(ids)) == len(ids), "an id twice")
    links = re.findall(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\((\d+)\)", result["message"]["text"])
    whole = not result["message"]["text"].endswith("...")
    require(not whole or [int(link) for link in links] == ids, f"links {links}: {result['message']}")
    for related in result["relatedLocations"]:
        check_message(related["message"])
        check_location(related)
    for stack in result["stacks"]:
        check_message(stack["message"])
        for frame in stack["frames"]:
            check_location(frame["location"])
    for value in result["partialFingerprints"].values():
        require(isinstance(value, str) and value, "an empty fingerprint")


def check_log(log):
    require(log["version"] == "2.1.0" and "sarif-2.1.0" in log["$schema"], "version")
    (only,) = log["runs"]
    driver = only["tool"]["driver"]
    require(driver["name"] == "harena", "driver")
    require(re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"]), "semanticVersion")
    for rule in driver["rules"]:
        check_rule(rule)
    rules = [rule["id"] for rule in driver["rules"]]
    require(rules == [name for name, _ in CLASSES], f"{rules}")
    for result in only["results"]:
        check_result(result, rules)
    return only["results"]


def results_in(path):
    return check_log(parse(text_of(path.read_bytes())))


def a_log_holds_all_findings(what):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.sarif"
        result = run(what, f"format=sarif:log_path={log}")
        require(result.stderr == b"", f"{result.stderr}")
        found = sorted(each["partialFingerprints"]["harenaSignature/v1"] for each in results_in(log))
        require(found == sorted(signatures_in_text(what)), f"signatures differ: {found}")


def without_a_log_each_finding_is_a_document():
    documents = documents_in(text_of(run("shapes", "format=sarif").stderr))
    require([len(each) for each in documents] == [1] * len(signatures_in_text("shapes")), "results")


def the_next_run_adds_to_the_log():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.sarif"
        for _ in range(3):
            run("signal", f"format=sarif:log_path={log}")
        require(len(results_in(log)) == 3, "results were lost")


def processes_share_a_log():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.sarif"
        environment = {**os.environ, "HARENA_OPTIONS": f"halt_on_error=0:format=sarif:log_path={log}"}
        started = [subprocess.Popen([PROGRAM, "threads"], env=environment) for _ in range(3)]
        codes = [process.wait(timeout=60) for process in started]
        require(codes == [0, 0, 0], f"{codes}")
        require(len(results_in(log)) == 300, f"{len(results_in(log))} results of 300")


def a_killed_process_leaves_a_whole_log():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.sarif"
        environment = {**os.environ, "HARENA_OPTIONS": f"halt_on_error=0:format=sarif:log_path={log}"}
        for delay in (0.001, 0.003, 0.01):
            process = subprocess.Popen([PROGRAM, "threads"], env=environment)
            while process.poll() is None and (not log.exists() or log.stat().st_size == 0):
                pass
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
            results_in(log)


def what_is_no_log_is_left_alone():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "notes"
        log.write_text("my notes\n")
        text = text_of(run("signal", f"format=sarif:log_path={log}").stderr)
        require(log.read_text() == "my notes\n", "the file was written to")
        complaint, document = text.split("\n", 1)
        require(str(log) in complaint and "no SARIF log" in complaint, complaint)
        check_log(parse(document))


def a_link_to_the_log_stays_one():
    with tempfile.TemporaryDirectory() as folder:
        link, log = Path(folder) / "link.sarif", Path(folder) / "elsewhere" / "log.sarif"
        log.parent.mkdir()
        link.symlink_to("elsewhere/log.sarif")
        for _ in range(2):
            run("signal", f"format=sarif:log_path={link}")
        require(link.is_symlink(), "the link was replaced")
        require(len(results_in(log)) == 2, "results were lost")
        require(sorted(os.listdir(folder)) == ["elsewhere", "link.sarif"], f"{os.listdir(folder)}")


def documents_in(text):
    """Each with its one result, as they stand one behind the other."""
    starts = text.split('{"$schema"')[1:]
    return [check_log(parse('{"$schema"' + start)) for start in starts]


def a_standard_stream_is_written_to(form):
    """It is not replaced, and what comes later comes behind. /dev/stderr is such a link."""
    with tempfile.TemporaryDirectory() as folder:
        link, file = Path(folder) / "stream", Path(folder) / "errors"
        link.symlink_to("/proc/self/fd/2")
        with file.open("w") as errors:
            run("shapes", f"no_such_option=1:format={form}:log_path={link}", stderr=errors)
            errors.write("later\n")
        require(link.is_symlink(), "the link was replaced")
        complaint, text = file.read_text().split("\n", 1)
        require("no_such_option" in complaint, f"overwritten: {complaint}")
        require(text.endswith("later\n"), f"not behind the last report: {text[-200:]}")
        return text.removesuffix("later\n")


def documents_on_a_standard_stream():
    documents = documents_in(a_standard_stream_is_written_to("sarif"))
    require([len(each) for each in documents] == [1] * len(signatures_in_text("shapes")), "results")


def lines_on_a_standard_stream():
    lines = a_standard_stream_is_written_to("json").splitlines()
    require(len([parse(line) for line in lines]) == len(signatures_in_text("shapes")), "findings")


def a_report_that_finds_no_room_follows_on_stderr():
    for form, start in (("text", "===="), ("json", '{"tool"'), ("sarif", '{"$schema"')):
        text = text_of(run("signal", f"format={form}:log_path=/dev/full").stderr)
        complaint, _, report = text.partition("\n")
        require("cannot write to '/dev/full' (errno 28)" in complaint, f"{form}: {complaint}")
        require("follows here" in complaint and report.startswith(start), f"{form}: {report[:200]}")


# ---- All of it ----


def main():
    results = []
    for what in KINDS:
        results.append(attempt(f"JSON of {what} fits the schema", fits_the_schema, what))
        results.append(attempt(f"JSON of {what} says what text says", says_what_text_says, what))
        results.append(attempt(f"SARIF of {what}", a_log_holds_all_findings, what))
    for case in (
        every_class_is_there, names_are_kept, too_many_frames_are_cut,
        a_tools_report_is_text_and_the_log_has_json, a_signal_handler_writes_json,
        raised_rights_ignore_the_environment,
        without_a_log_each_finding_is_a_document, the_next_run_adds_to_the_log,
        processes_share_a_log, a_killed_process_leaves_a_whole_log, what_is_no_log_is_left_alone,
        a_link_to_the_log_stays_one, documents_on_a_standard_stream, lines_on_a_standard_stream,
        a_report_that_finds_no_room_follows_on_stderr,
    ):
        results.append(attempt(case.__name__.replace("_", " "), case))
    finish(results)


main()
