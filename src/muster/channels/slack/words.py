"""What Slack's error codes mean, in sentences: https://docs.slack.dev/reference/methods/chat.postMessage#errors."""

WEBHOOK_REFUSALS = {
    "invalid_payload": "Slack could not read the message",
    "invalid_blocks": "Slack could not read the message",
    "no_text": "Slack found the message empty",
    "user_not_found": "the person whom the webhook writes to does not exist any more",
    "channel_not_found": "the channel of this webhook does not exist any more",
    "channel_is_archived": "the channel of this webhook is archived",
    "action_prohibited": "an administrator of the workspace restricts this webhook",
    "posting_to_general_channel_denied": "the workspace does not let webhooks post to its general channel",
    "no_active_hooks": "the webhook is disabled",
    "no_service": "the webhook was disabled or removed",
    "no_service_id": "the webhook's address is incomplete",
    "no_team": "the workspace does not exist any more",
    "team_disabled": "the workspace is disabled",
    "invalid_token": "the webhook's address is wrong or was revoked",
}

REFUSALS = {
    "not_authed": "no token arrived: set MUSTER_SLACK_TOKEN",
    "invalid_auth": "the token is not valid: set MUSTER_SLACK_TOKEN to the app's bot token",
    "token_revoked": "the token was revoked: install the app again and set MUSTER_SLACK_TOKEN",
    "token_expired": "the token has expired: turn token rotation off, or set a new one",
    "account_inactive": "the app's bot was removed from the workspace",
    "not_allowed_token_type": "this kind of token may not post: set the bot token, which begins with xoxb-",
    "missing_scope": "the app lacks a permission: add it under OAuth & Permissions and install the app again",
    "no_permission": "the workspace does not let the app do this",
    "channel_not_found": "there is no such person or channel, or the app may not see it",
    "user_not_found": "there is no such person in the workspace",
    "user_disabled": "this person has left the workspace",
    "not_in_channel": "the app is not a member of this channel: invite it there",
    "is_archived": "the channel is archived",
    "cannot_dm_bot": "this address is a bot's",
    "messages_tab_disabled": "the app takes no direct messages: turn on its Messages tab under App Home",
    "msg_too_long": "the message is too long",
    "msg_blocks_too_long": "the message is too long",
    "no_text": "Slack found the message empty",
    "invalid_blocks": "Slack could not read the message",
    "invalid_blocks_format": "Slack could not read the message",
    "restricted_action": "an administrator restricts who may post there",
    "restricted_action_read_only_channel": "nobody but administrators may post in this channel",
    "ekm_access_denied": "administrators have suspended posting",
    "team_access_not_granted": "the app is not installed in this workspace",
    "org_login_required": "the workspace is being moved to another organisation",
    "access_denied": "access to this is denied",
    "cant_update_message": "the message is not the app's own",
    "message_not_found": "the message is not there any more",
    "edit_window_closed": "the workspace does not let messages be changed so late",
}

FAULTS_OF_SLACK = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited"}
)
"""What trying again may get past."""
