"""What providers tell Muster of their own accord; each route verifies the provider's signature before anything else."""

from muster.channels.mattermost import callbacks as mattermost
from muster.channels.slack import callbacks as slack
from muster.channels.telegram import callbacks as telegram
from muster.channels.telephony.gateway import callbacks as gateway
from muster.channels.telephony.twilio import callbacks as twilio
from muster.channels.web_push import callbacks as pushed
from muster.channels.webhook import callbacks as loop

ROUTERS = (
    slack.router,
    mattermost.router,
    telegram.router,
    pushed.shown,
    pushed.answers,
    twilio.router,
    gateway.router,
    loop.router,
)
