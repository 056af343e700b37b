"""Every vendor's format. A new one is named here, and nowhere else."""

from muster.integrations.inbound.vendor import Vendor
from muster.integrations.inbound.vendors.appdynamics import APPDYNAMICS
from muster.integrations.inbound.vendors.argocd import ARGOCD
from muster.integrations.inbound.vendors.betterstack import BETTERSTACK
from muster.integrations.inbound.vendors.checkly import CHECKLY
from muster.integrations.inbound.vendors.checkmk import CHECKMK
from muster.integrations.inbound.vendors.cloudwatch_sns import CLOUDWATCH_SNS
from muster.integrations.inbound.vendors.datadog import DATADOG
from muster.integrations.inbound.vendors.dynatrace import DYNATRACE
from muster.integrations.inbound.vendors.eventbridge import EVENTBRIDGE
from muster.integrations.inbound.vendors.gcp_monitoring import GCP_MONITORING
from muster.integrations.inbound.vendors.github import GITHUB
from muster.integrations.inbound.vendors.gitlab import GITLAB
from muster.integrations.inbound.vendors.grafana_oncall import GRAFANA_ONCALL
from muster.integrations.inbound.vendors.graylog import GRAYLOG
from muster.integrations.inbound.vendors.healthchecks import HEALTHCHECKS
from muster.integrations.inbound.vendors.icinga import ICINGA
from muster.integrations.inbound.vendors.jenkins import JENKINS
from muster.integrations.inbound.vendors.kubernetes_events import KUBERNETES_EVENTS
from muster.integrations.inbound.vendors.librenms import LIBRENMS
from muster.integrations.inbound.vendors.nagios import NAGIOS
from muster.integrations.inbound.vendors.netdata import NETDATA
from muster.integrations.inbound.vendors.newrelic import NEWRELIC
from muster.integrations.inbound.vendors.pingdom import PINGDOM
from muster.integrations.inbound.vendors.prtg import PRTG
from muster.integrations.inbound.vendors.sensu import SENSU
from muster.integrations.inbound.vendors.sentry import SENTRY
from muster.integrations.inbound.vendors.signalfx import SIGNALFX
from muster.integrations.inbound.vendors.splunk import SPLUNK
from muster.integrations.inbound.vendors.statuscake import STATUSCAKE
from muster.integrations.inbound.vendors.statuspage import STATUSPAGE
from muster.integrations.inbound.vendors.uptime_kuma import UPTIME_KUMA
from muster.integrations.inbound.vendors.uptimerobot import UPTIMEROBOT
from muster.integrations.inbound.vendors.victorops import VICTOROPS
from muster.integrations.inbound.vendors.zabbix import ZABBIX

VENDORS: tuple[Vendor, ...] = (
    APPDYNAMICS,
    ARGOCD,
    BETTERSTACK,
    CHECKLY,
    CHECKMK,
    CLOUDWATCH_SNS,
    DATADOG,
    DYNATRACE,
    EVENTBRIDGE,
    GCP_MONITORING,
    GITHUB,
    GITLAB,
    GRAFANA_ONCALL,
    GRAYLOG,
    HEALTHCHECKS,
    ICINGA,
    JENKINS,
    KUBERNETES_EVENTS,
    LIBRENMS,
    NAGIOS,
    NETDATA,
    NEWRELIC,
    PINGDOM,
    PRTG,
    SENSU,
    SENTRY,
    SIGNALFX,
    SPLUNK,
    STATUSCAKE,
    STATUSPAGE,
    UPTIMEROBOT,
    UPTIME_KUMA,
    VICTOROPS,
    ZABBIX,
)
