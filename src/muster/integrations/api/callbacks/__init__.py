"""What providers tell Muster of their own accord; each route verifies the provider's signature before anything else."""

from muster.integrations.api.callbacks import mattermost, pushed, slack, telegram

ROUTERS = (slack.router, mattermost.router, telegram.router, pushed.shown, pushed.answers)
