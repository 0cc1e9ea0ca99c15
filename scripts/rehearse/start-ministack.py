"""
Starts MiniStack with two things of its own changed. It asks for the rights that AWS asks for: SQS has none for its batch calls, which the
right to the single call covers. And it takes events from sources that begin with `aws.`: CloudWatch tells nothing here, so that the rehearsal
says it in its place, which AWS lets nobody do.
"""

import sys

from ministack.core import iam_actions
from ministack.services import eventbridge

SINGLE = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}

asked = iam_actions.extract_iam_action


def right_of(*request, **named):
    action = asked(*request, **named)
    return SINGLE.get(action, action)


iam_actions.extract_iam_action = right_of
eventbridge._put_events.__defaults__ = (True,)

from ministack.app import main  # noqa: E402

sys.exit(main())
