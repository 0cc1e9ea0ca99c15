"""Starts MiniStack, asking for the rights that AWS asks for: SQS has none for its batch calls, which the right to the single call covers."""

import sys

from ministack.core import iam_actions

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

from ministack.app import main  # noqa: E402

sys.exit(main())
