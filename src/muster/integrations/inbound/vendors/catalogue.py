"""Every vendor's format. A new one is named here, and nowhere else."""

from muster.integrations.inbound.vendor import Vendor
from muster.integrations.inbound.vendors.checkmk import CHECKMK
from muster.integrations.inbound.vendors.cloudwatch_sns import CLOUDWATCH_SNS
from muster.integrations.inbound.vendors.datadog import DATADOG
from muster.integrations.inbound.vendors.eventbridge import EVENTBRIDGE
from muster.integrations.inbound.vendors.gcp_monitoring import GCP_MONITORING
from muster.integrations.inbound.vendors.icinga import ICINGA
from muster.integrations.inbound.vendors.librenms import LIBRENMS
from muster.integrations.inbound.vendors.nagios import NAGIOS
from muster.integrations.inbound.vendors.netdata import NETDATA
from muster.integrations.inbound.vendors.newrelic import NEWRELIC
from muster.integrations.inbound.vendors.prtg import PRTG
from muster.integrations.inbound.vendors.sensu import SENSU
from muster.integrations.inbound.vendors.sentry import SENTRY
from muster.integrations.inbound.vendors.splunk import SPLUNK
from muster.integrations.inbound.vendors.uptime_kuma import UPTIME_KUMA
from muster.integrations.inbound.vendors.victorops import VICTOROPS
from muster.integrations.inbound.vendors.zabbix import ZABBIX

VENDORS: tuple[Vendor, ...] = (
    CHECKMK,
    CLOUDWATCH_SNS,
    DATADOG,
    EVENTBRIDGE,
    GCP_MONITORING,
    ICINGA,
    LIBRENMS,
    NAGIOS,
    NETDATA,
    NEWRELIC,
    PRTG,
    SENSU,
    SENTRY,
    SPLUNK,
    UPTIME_KUMA,
    VICTOROPS,
    ZABBIX,
)
