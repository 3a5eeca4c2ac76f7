"""How many instances a second PyPI SpiffWorkflow manages for a file: in memory, with the state saved at each wait, and saved
and read back before each step. `python spiff.py FILE SECONDS` prints one JSON object a way of keeping the state. The file is
read once for all instances, as a server would."""

import json
import re
import sys
import time

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer


class Conditions(PythonScriptEngine):
    """The conditions of the file are written `${risk == "high"}`."""

    def evaluate(self, task, expression, external_context=None):
        return super().evaluate(task, re.sub(r"^\$\{(.*)\}$", r"\1", expression), external_context)


path, seconds = sys.argv[1], float(sys.argv[2])
parser = BpmnParser()
parser.add_bpmn_file(path)
specification = parser.get_spec("five_tasks")
engine = Conditions()
serializer = BpmnWorkflowSerializer()


def one(risk, keeping, largest):
    workflow = BpmnWorkflow(specification, script_engine=engine)
    workflow.task_tree.data["risk"] = risk
    workflow.do_engine_steps()
    tasks = 0
    while not workflow.is_completed():
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        if keeping != "memory":
            saved = serializer.serialize_json(workflow)
            largest = max(largest, len(saved.encode()))
            if keeping == "saved_and_read":
                workflow = serializer.deserialize_json(saved)
                workflow.script_engine = engine
                task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.data["opinion"] = "agreed"
        task.run()
        workflow.do_engine_steps()
        tasks += 1
    # An instance that took another way is not counted.
    assert tasks == (5 if risk == "high" else 4), f"{tasks} tasks at {risk} risk"
    return largest


for keeping in ("memory", "saved", "saved_and_read"):
    instances, largest = 0, 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        largest = one("low" if instances % 2 else "high", keeping, largest)
        instances += 1
    taken = time.perf_counter() - begun
    line = {"engine": "SpiffWorkflow", "keeping": keeping, "instances_a_second": instances / taken, "state_bytes": largest}
    print(json.dumps(line), flush=True)
