"""What providers tell Muster of their own accord; each route verifies the provider's signature before anything else."""

from muster.integrations.api.callbacks import gateway, loop, mattermost, pushed, slack, telegram, twilio

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
