"""Every vendor's format. A new one is named here, and nowhere else."""

from muster.inbound.vendor import Vendor
from muster.inbound.vendors.appdynamics import APPDYNAMICS
from muster.inbound.vendors.argocd import ARGOCD
from muster.inbound.vendors.betterstack import BETTERSTACK
from muster.inbound.vendors.checkly import CHECKLY
from muster.inbound.vendors.checkmk import CHECKMK
from muster.inbound.vendors.cloudwatch_sns import CLOUDWATCH_SNS
from muster.inbound.vendors.datadog import DATADOG
from muster.inbound.vendors.dynatrace import DYNATRACE
from muster.inbound.vendors.eventbridge import EVENTBRIDGE
from muster.inbound.vendors.gcp_monitoring import GCP_MONITORING
from muster.inbound.vendors.github import GITHUB
from muster.inbound.vendors.gitlab import GITLAB
from muster.inbound.vendors.grafana_oncall import GRAFANA_ONCALL
from muster.inbound.vendors.graylog import GRAYLOG
from muster.inbound.vendors.healthchecks import HEALTHCHECKS
from muster.inbound.vendors.icinga import ICINGA
from muster.inbound.vendors.jenkins import JENKINS
from muster.inbound.vendors.kubernetes_events import KUBERNETES_EVENTS
from muster.inbound.vendors.librenms import LIBRENMS
from muster.inbound.vendors.nagios import NAGIOS
from muster.inbound.vendors.netdata import NETDATA
from muster.inbound.vendors.newrelic import NEWRELIC
from muster.inbound.vendors.pingdom import PINGDOM
from muster.inbound.vendors.prtg import PRTG
from muster.inbound.vendors.sensu import SENSU
from muster.inbound.vendors.sentry import SENTRY
from muster.inbound.vendors.signalfx import SIGNALFX
from muster.inbound.vendors.splunk import SPLUNK
from muster.inbound.vendors.statuscake import STATUSCAKE
from muster.inbound.vendors.statuspage import STATUSPAGE
from muster.inbound.vendors.uptime_kuma import UPTIME_KUMA
from muster.inbound.vendors.uptimerobot import UPTIMEROBOT
from muster.inbound.vendors.victorops import VICTOROPS
from muster.inbound.vendors.zabbix import ZABBIX

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
