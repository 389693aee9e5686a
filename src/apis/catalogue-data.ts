// SPDX-License-Identifier: Apache-2.0
// Written by scripts/apis/write-catalogue.mjs; do not edit. What the service configurations of googleapis/googleapis f8291d2b89 say of
// operations. Left out: paths below /ui and /uiv1beta3, which serve the Cloud console; of aiplatform, ListOperations
// bound to paths of WaitOperation (`:wait`) and DeleteOperation bound to parents; bindings behind one that takes all
// their names. catalogue.ts reads it.

/** Rule sets, separated by an empty line; an entry a line. */
export const RULE_SETS = `gc networks/*/operations/reports/runs/*

n customers/*/operations
gdCW customers/*/operations/*

d operations/**
n operations
glC tunedModels/*/operations/*
n batches
g generatedFiles/*/operations/*
gdc batches/*
gl models/*/operations/*
g corpora/*/operations/*
g ragStores/*/operations/*
g ragStores/*/upload/operations/*

gl tunedModels/*/operations/*
g generatedFiles/*/operations/*
gl models/*/operations/*

gl tunedModels/*/operations/*
n batches
g generatedFiles/*/operations/*
gdc batches/*
gl models/*/operations/*
g corpora/*/operations/*

g operations/*

o operations
g operations/**

o operations
g operations/*

gl apps/*/operations/*

g operations/**

l operations/projects/**/operations/*
gdc operations/**

gldC projects/*/locations/*/operations/*

gldcw projects/*/locations/*/operations/*
gldcw projects/*/locations/*/datasets/*/operations/*
gldcw projects/*/locations/*/datasets/*/dataItems/*/operations/*
gldcw projects/*/locations/*/datasets/*/savedQueries/*/operations/*
gldcw projects/*/locations/*/datasets/*/annotationSpecs/*/operations/*
gldcw projects/*/locations/*/datasets/*/dataItems/*/annotations/*/operations/*
gldcw projects/*/locations/*/deploymentResourcePools/*/operations/*
gldcw projects/*/locations/*/endpoints/*/operations/*
gldcw projects/*/locations/*/featurestores/*/operations/*
gldcw projects/*/locations/*/featurestores/*/entityTypes/*/operations/*
gldcw projects/*/locations/*/featurestores/*/entityTypes/*/features/*/operations/*
gldcw projects/*/locations/*/customJobs/*/operations/*
gldcw projects/*/locations/*/dataLabelingJobs/*/operations/*
gldcw projects/*/locations/*/hyperparameterTuningJobs/*/operations/*
glc projects/*/locations/*/tuningJobs/*/operations/*
gldcw projects/*/locations/*/indexes/*/operations/*
gldcw projects/*/locations/*/indexEndpoints/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/artifacts/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/contexts/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/executions/*/operations/*
gldcw projects/*/locations/*/modelDeploymentMonitoringJobs/*/operations/*
gldcw projects/*/locations/*/migratableResources/*/operations/*
gldcw projects/*/locations/*/models/*/operations/*
gldcw projects/*/locations/*/models/*/evaluations/*/operations/*
gldcw projects/*/locations/*/notebookExecutionJobs/*/operations/*
gldcw projects/*/locations/*/notebookRuntimes/*/operations/*
gldcw projects/*/locations/*/notebookRuntimeTemplates/*/operations/*
gdw projects/*/locations/*/ragEngineConfig/operations/*
gdw projects/*/locations/*/ragCorpora/*/operations/*
gdw projects/*/locations/*/ragCorpora/*/ragFiles/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/sessions/*/operations/*
gldw projects/*/locations/*/studies/*/operations/*
gldw projects/*/locations/*/studies/*/trials/*/operations/*
gldw projects/*/locations/*/trainingPipelines/*/operations/*
gldcw projects/*/locations/*/persistentResources/*/operations/*
gldw projects/*/locations/*/pipelineJobs/*/operations/*
lc projects/*/locations/*/ragEngineConfig/operations/*
lc projects/*/locations/*/ragCorpora/*/operations/*
lc projects/*/locations/*/ragCorpora/*/ragFiles/*/operations/*
c projects/*/locations/*/reasoningEngines/*/operations/*
c projects/*/locations/*/reasoningEngines/*/sessions/*/operations/*
c projects/*/locations/*/studies/*/operations/*
c projects/*/locations/*/studies/*/trials/*/operations/*
c projects/*/locations/*/trainingPipelines/*/operations/*
c projects/*/locations/*/pipelineJobs/*/operations/*
gldcw projects/*/locations/*/schedules/*/operations/*
gldcw projects/*/locations/*/specialistPools/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/runs/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/*
gdw projects/*/locations/*/featureOnlineStores/*/operations/*
gw projects/*/locations/*/featureOnlineStores/*/featureViews/*/operations/*
gdw projects/*/locations/*/featureGroups/*/operations/*
gdw projects/*/locations/*/featureGroups/*/features/*/operations/*
d projects/*/locations/*/featureOnlineStores/*/featureViews/*/operations/*
gldcw reasoningEngines/*/sessions/*/operations/*

gldcw projects/*/locations/*/operations/*
gldcw projects/*/locations/*/agents/*/operations/*
gldcw projects/*/locations/*/apps/*/operations/*
gldcw projects/*/locations/*/datasets/*/operations/*
gldcw projects/*/locations/*/datasets/*/dataItems/*/operations/*
gldcw projects/*/locations/*/datasets/*/savedQueries/*/operations/*
gldcw projects/*/locations/*/datasets/*/annotationSpecs/*/operations/*
gldcw projects/*/locations/*/datasets/*/dataItems/*/annotations/*/operations/*
gldcw projects/*/locations/*/deploymentResourcePools/*/operations/*
gldcw projects/*/locations/*/edgeDevices/*/operations/*
gldcw projects/*/locations/*/endpoints/*/operations/*
glw projects/*/locations/*/evaluationTasks/*/operations/*
glcw projects/*/locations/*/exampleStores/*/operations/*
glcw projects/*/locations/*/extensionControllers/*/operations/*
glcw projects/*/locations/*/extensions/*/operations/*
gldcw projects/*/locations/*/featurestores/*/operations/*
gldcw projects/*/locations/*/featurestores/*/entityTypes/*/operations/*
gldcw projects/*/locations/*/featurestores/*/entityTypes/*/features/*/operations/*
gldcw projects/*/locations/*/customJobs/*/operations/*
gldcw projects/*/locations/*/dataLabelingJobs/*/operations/*
d projects/*/locations/*/evaluationTasks/*/operations/*
d projects/*/locations/*/exampleStores/*/operations/*
d projects/*/locations/*/extensionControllers/*/operations/*
d projects/*/locations/*/extensions/*/operations/*
gldcw projects/*/locations/*/hyperparameterTuningJobs/*/operations/*
gldcw projects/*/locations/*/indexes/*/operations/*
gldcw projects/*/locations/*/indexEndpoints/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/artifacts/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/contexts/*/operations/*
gldcw projects/*/locations/*/metadataStores/*/executions/*/operations/*
gldcw projects/*/locations/*/modelDeploymentMonitoringJobs/*/operations/*
gldcw projects/*/locations/*/modelMonitors/*/operations/*
gldcw projects/*/locations/*/migratableResources/*/operations/*
gldcw projects/*/locations/*/models/*/operations/*
gldcw projects/*/locations/*/models/*/evaluations/*/operations/*
gldcw projects/*/locations/*/notebookExecutionJobs/*/operations/*
gldcw projects/*/locations/*/notebookRuntimes/*/operations/*
gldcw projects/*/locations/*/notebookRuntimeTemplates/*/operations/*
gldcw projects/*/locations/*/onlineEvaluators/*/operations/*
gldcw projects/*/locations/*/persistentResources/*/operations/*
gldcw projects/*/locations/*/ragEngineConfig/operations/*
gldcw projects/*/locations/*/ragCorpora/*/operations/*
gldcw projects/*/locations/*/ragCorpora/*/ragFiles/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/memories/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/sessions/*/operations/*
gldw projects/*/locations/*/reasoningEngines/*/runtimeRevisions/*/operations/*
gld projects/*/locations/*/solvers/*/operations/*
gldcw projects/*/locations/*/studies/*/operations/*
gldcw projects/*/locations/*/studies/*/trials/*/operations/*
gldcw projects/*/locations/*/trainingPipelines/*/operations/*
gldcw projects/*/locations/*/pipelineJobs/*/operations/*
c projects/*/locations/*/reasoningEngines/*/operations/*
c projects/*/locations/*/reasoningEngines/*/memories/*/operations/*
c projects/*/locations/*/reasoningEngines/*/sessions/*/operations/*
c projects/*/locations/*/reasoningEngines/*/runtimeRevisions/*/operations/*
gldcw projects/*/locations/*/schedules/*/operations/*
gldcw projects/*/locations/*/specialistPools/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/runs/*/operations/*
gldcw projects/*/locations/*/tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/*
gldw projects/*/locations/*/featureOnlineStores/*/operations/*
glw projects/*/locations/*/featureOnlineStores/*/featureViews/*/operations/*
gldw projects/*/locations/*/featureGroups/*/operations/*
gldw projects/*/locations/*/featureGroups/*/features/*/operations/*
gldw projects/*/locations/*/featureGroups/*/featureMonitors/*/operations/*
d projects/*/locations/*/featureOnlineStores/*/featureViews/*/operations/*
gldcw onlineEvaluators/*/operations/*

gldc projects/*/locations/*/operations/*

g */*/operations/*/**

gl organizations/*/locations/*/operations/*

gldC projects/*/locations/*/operations/*
gldC organizations/*/locations/*/operations/*

gldCW projects/*/locations/*/operations/*

n operations
gdC operations/**

gldC projects/*/locations/*/instances/*/operations/*

gldC organizations/*/locations/*/operations/*
gldC projects/*/locations/*/operations/*

g billingAccounts/*/orders/*/operations/*

g billingAccounts/*/orders/*/operations/*
g billingAccounts/*/orders/*/orderAttributions/*/operations/*

glc projects/*/locations/*/operations/*

g projects/*/locations/*/operations/*

gldx projects/*/operations/*

n projects/*/regions/*/operations
n projects/*/locations/*/operations
gdc projects/*/regions/*/operations/*
gdc projects/*/locations/*/operations/*

glc projects/*/operations/*
glc projects/*/locations/*/operations/*

glC projects/*/operations/*
gl projects/*/locations/*/collections/*/dataConnector/operations/*
glC projects/*/locations/*/collections/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/models/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/schemas/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/*
l projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
l projects/*/locations/*/collections/*/dataStores/*/operations/*
glC projects/*/locations/*/collections/*/engines/*/operations/*
gl projects/*/locations/*/collections/*/operations/*
glC projects/*/locations/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/dataStores/*/models/*/operations/*
gl projects/*/locations/*/dataStores/*/operations/*
gl projects/*/locations/*/identityMappingStores/*/operations/*
gl projects/*/locations/*/operations/*

gl projects/*/locations/*/collections/*/dataConnector/operations/*
glC projects/*/locations/*/collections/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/models/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/schemas/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/*
l projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
l projects/*/locations/*/collections/*/dataStores/*/operations/*
gl projects/*/locations/*/collections/*/engines/*/operations/*
gl projects/*/locations/*/collections/*/operations/*
glC projects/*/locations/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/dataStores/*/models/*/operations/*
gl projects/*/locations/*/dataStores/*/operations/*
g projects/*/locations/*/evaluations/*/operations/*
gl projects/*/locations/*/identity_mapping_stores/*/operations/*
gl projects/*/locations/*/operations/*
g projects/*/locations/*/sampleQuerySets/*/operations/*
gl projects/*/operations/*

gl projects/*/locations/*/collections/*/dataConnector/operations/*
glC projects/*/locations/*/collections/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/models/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/schemas/*/operations/*
g projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
gl projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/*
l projects/*/locations/*/collections/*/dataStores/*/siteSearchEngine/operations/*
l projects/*/locations/*/collections/*/dataStores/*/operations/*
g projects/*/locations/*/collections/*/engines/*/assistants/*/agents/*/operations/*
gl projects/*/locations/*/collections/*/engines/*/operations/*
gl projects/*/locations/*/collections/*/operations/*
glC projects/*/locations/*/dataStores/*/branches/*/operations/*
gl projects/*/locations/*/dataStores/*/models/*/operations/*
gl projects/*/locations/*/dataStores/*/operations/*
g projects/*/locations/*/evaluations/*/operations/*
gl projects/*/locations/*/identityMappingStores/*/operations/*
gl projects/*/locations/*/operations/*
g projects/*/locations/*/sampleQuerySets/*/operations/*
gl projects/*/operations/*

n projects/*/locations/*/operations
g projects/*/operations/*
gc projects/*/locations/*/operations/*

n projects/*/locations/*/operations
gc projects/*/locations/*/operations/*

gl projects/*/locations/*/operations/*

glC projects/*/locations/*/operations/*

n projects/*/locations/global/operations
gdC projects/*/locations/global/operations/*

gldC projects/*/locations/global/operations/*
gldC organizations/*/locations/global/operations/*

g projects/*/operations/*
g projects/*/locations/*/operations/*

gld projects/*/locations/*/operations/*

gC projects/*/locations/*/osPolicyAssignments/*/operations/*

n operations
n projects/*/locations/*/replays/*/operations
n folders/*/locations/*/replays/*/operations
n organizations/*/locations/*/replays/*/operations
g operations/**
g projects/*/locations/*/replays/*/operations/**
g folders/*/locations/*/replays/*/operations/**
g organizations/*/locations/*/replays/*/operations/**
g projects/*/locations/*/orgPolicyViolationsPreviews/*/operations/**
g folders/*/locations/*/orgPolicyViolationsPreviews/*/operations/**
g organizations/*/locations/*/orgPolicyViolationsPreviews/*/operations/**
g projects/*/locations/*/accessPolicySimulations/*/operations/**
g folders/*/locations/*/accessPolicySimulations/*/operations/**
g organizations/*/locations/*/accessPolicySimulations/*/operations/**

gld projects/*/locations/*/operations/*
gld organizations/*/locations/*/operations/*
gld folders/*/locations/*/operations/*

gldC admin/!projects/*/locations/*/operations/*

gl projects/*/locations/*/catalogs/*/operations/*
gl projects/*/locations/*/catalogs/*/eventStores/*/operations/*

gl projects/*/locations/*/operations/*
g projects/*/locations/*/catalogs/*/branches/*/operations/*
gl projects/*/locations/*/catalogs/*/operations/*
gl projects/*/operations/*

g projects/*/locations/*/catalogs/*/branches/*/operations/*
g projects/*/locations/*/catalogs/*/branches/*/places/*/operations/*
gl projects/*/locations/*/catalogs/*/operations/*
gl projects/*/locations/*/operations/*
gl projects/*/operations/*

g projects/*/locations/*/catalogs/*/branches/*/operations/*
gl projects/*/locations/*/catalogs/*/operations/*
gl projects/*/locations/*/operations/*
gl projects/*/operations/*

gldW projects/*/locations/*/operations/*

g projects/*/configs/*/operations/**

n organizations/*/operations
gdc organizations/*/operations/*

n organizations/*/operations
gdC organizations/*/operations/*

gldC organizations/*/locations/*/operations/*

o operations
g operations/!**

g projects/*/operations/*

n projects/*/locations/*/operations
gdC projects/*/locations/*/operations/*

g projects/*/operations/*
g projects/*/locations/*/operations/*
g operations/*
g locations/*/operations/*

gldC projects/*/locations/*/operations/*
g projects/*/locations/*/warehouseOperations/*
g projects/*/locations/*/corpora/*/assets/*/operations/*
g projects/*/locations/*/corpora/*/collections/*/operations/*
g projects/*/locations/*/corpora/*/imageIndexes/*/operations/*
g projects/*/locations/*/corpora/*/indexes/*/operations/*
g projects/*/locations/*/corpora/*/operations/*
g projects/*/locations/*/indexEndpoints/*/operations/*

gldC projects/*/locations/*/operations/*
g projects/*/locations/*/warehouseOperations/*
g projects/*/locations/*/corpora/*/assets/*/operations/*

gldC projects/*/operations/*

gldC projects/*/locations/*/operations/*
gldC folders/*/locations/*/operations/*
gldC organizations/*/locations/*/operations/*

gldc projects/*/operations/*

gC operations/**
gC projects/*/locations/*/operations/*

gC projects/*/locations/*/operations/*

gldC projects/*/databases/*/operations/*

gldC projects/*/locations/*/workloadIdentityPools/*/operations/*
gldC projects/*/locations/*/workloadIdentityPools/*/providers/*/operations/*

g policies/*/*/*/operations/*

g projects/*/locations/*/operations/*
g folders/*/locations/*/operations/*
g organizations/*/locations/*/operations/*

glC */*/locations/*/operations/*

n projects/*/instances/*/databases/*/operations
n projects/*/instances/*/operations
n projects/*/instances/*/backups/*/operations
n projects/*/instances/*/instancePartitions/*/operations
n projects/*/instanceConfigs/*/operations
n projects/*/instanceConfigs/*/ssdCaches/*/operations
gdc projects/*/instances/*/databases/*/operations/*
gdc projects/*/instances/*/operations/*
gdc projects/*/instances/*/backups/*/operations/*
gdc projects/*/instances/*/instancePartitions/*/operations/*
gdc projects/*/instanceConfigs/*/operations/*
gdc projects/*/instanceConfigs/*/ssdCaches/*/operations/*

n transferOperations
gC transferOperations/**`;

/** APIs, one a line. */
export const HOSTS = `admanager|Google Ad Manager API|v1:0@admanager!
googleads|Google Ads API|v22:1@adwords|v23:1@adwords|v24:1@adwords|v25:1@adwords
generativelanguage|Generative Language API|v1:2@-|v1alpha:3@-|v1beta:4@-|v1beta3:@-
analyticsdata|Google Analytics Data API|v1alpha:@analytics|v1beta:@analytics
apikeys|API Keys API|v2:5
servicemanagement|Service Management API|v1:6
serviceusage|Service Usage API|v1:7|v1beta1:7
appengine|App Engine Admin API|v1:8
workspaceevents|Google Workspace Events API|v1:9@chat.bot,chat.memberships,chat.messages,chat.messages.reactions,chat.spaces,meetings.space.created|v1beta:9@chat.bot,chat.memberships,chat.messages,chat.messages.reactions,chat.spaces,drive,drive.file,drive.metadata,meetings.space.created
bigtableadmin|Cloud Bigtable Admin API|v2:10
agentregistry|Agent Registry API|v1:11
aiplatform|Vertex AI API|v1:12|v1beta1:13
alloydb|AlloyDB API|v1:11|v1alpha:11|v1beta:14
apigateway|API Gateway API|v1:11
apihub|API hub API|v1:11
apphub|App Hub API|v1:11
appoptimize|App Optimize API|v1beta:11
cloudasset|Cloud Asset API|v1:15|v1p1beta1:|v1p2beta1:15|v1p5beta1:|v1p7beta1:15
assuredworkloads|Assured Workloads API|v1:16|v1beta1:16
auditmanager|Audit Manager API|v1:17
automl|Cloud AutoML API|v1:18|v1beta1:18
backupdr|Backup and DR Service API|v1:11
baremetalsolution|Bare Metal Solution API|v2:
batch|Batch API|v1:11|v1alpha:11
beyondcorp|BeyondCorp API|v1:11
analyticshub|Analytics Hub API|v1:
blockchainnodeengine|Blockchain Node Engine API|v1:11
certificatemanager|Certificate Manager API|v1:11
ces|Gemini Enterprise for Customer Experience API|v1:11|v1beta:11
cloudchannel|Cloud Channel API|v1:19@apps.order
chronicle|Chronicle API|v1:20
datamigration|Database Migration API|v1:11
cloudsecuritycompliance|Cloud Security Compliance API|v1:21
cloudcommerceconsumerprocurement|Cloud Commerce Consumer Procurement API|v1:22|v1alpha1:23
commerceproducer|Cloud Commerce Producer API|v1beta:11
config|Infrastructure Manager API|v1:11
configdelivery|Config Delivery API|v1:11|v1alpha:11|v1beta:11
connectors|Connectors API|v1:11
contactcenterinsights|Contact Center AI Insights API|v1:24
contentwarehouse|Document AI Warehouse API|v1:25
datalineage|Data Lineage API|v1:11
datacatalog|Google Cloud Data Catalog API|v1:14|v1beta1:
dataform|Dataform API|v1:11|v1beta1:11
datafusion|Cloud Data Fusion API|v1:11|v1beta1:11
datalabeling|Data Labeling API|v1beta1:26
dataplex|Cloud Dataplex API|v1:17
dataproc|Cloud Dataproc API|v1:27
datastream|Datastream API|v1:11|v1alpha1:11
clouddeploy|Cloud Deploy API|v1:11
developerconnect|Developer Connect API|v1:11
dialogflow|Dialogflow API|v3:28|v3beta1:28|v2:28|v2beta1:28
discoveryengine|Discovery Engine API|v1:29|v1alpha:30|v1beta:31
documentai|Cloud Document AI API|v1:32|v1beta3:33
domains|Cloud Domains API|v1:34|v1alpha2:34|v1beta1:34
edgecontainer|Distributed Cloud Edge Container API|v1:11
edgenetwork|Distributed Cloud Edge Network API|v1:11
enterpriseknowledgegraph|Enterprise Knowledge Graph API|v1:
eventarc|Eventarc API|v1:11
file|Cloud Filestore API|v1:11|v1beta1:11
financialservices|Financial Services API|v1:11
ftp|Cloud FTP API|v1:11!
cloudfunctions|Cloud Functions API|v1:7|v2:34|v2alpha:34|v2beta:34
gdchardwaremanagement|GDC Hardware Management API|v1alpha:11
geminidataanalytics|Data Analytics API with Gemini|v1:11|v1alpha:11|v1beta:11
gkebackup|Backup for GKE API|v1:11
gkehub|GKE Hub|v1:11|v1alpha:11|v1beta:11|v1beta1:11
gkemulticloud|GKE Multi-Cloud API|v1:11
hypercomputecluster|Cluster Director API|v1:11|v1alpha:11|v1beta:11
ids|Cloud IDS API|v1:11
cloudkms|Cloud Key Management Service (KMS) API|v1:25
licensemanager|License Manager API|v1:11
lifesciences|Cloud Life Sciences API|v2beta:35
lustre|Google Cloud Managed Lustre API|v1:14
managedidentities|Managed Service for Microsoft Active Directory API|v1:36|v1beta1:36
managedkafka|Managed Service for Apache Kafka API|v1:11
memcache|Cloud Memorystore for Memcached API|v1:11|v1beta2:11
memorystore|Memorystore API|v1:14|v1beta:14
metastore|Dataproc Metastore API|v1:11|v1alpha:11|v1beta:11
migrationcenter|Migration Center API|v1:11
netapp|NetApp API|v1:11
networkconnectivity|Network Connectivity API|v1:11|v1alpha1:11|v1beta:11
networkmanagement|Network Management API|v1:37|v1beta1:37
networksecurity|Network Security API|v1:17|v1alpha1:17|v1beta1:11
networkservices|Network Services API|v1:11|v1beta1:11
notebooks|Notebooks API|v1:11|v1beta1:11|v2:11
cloudnumberregistry|Cloud Number Registry API|v1alpha:11
cloudoptimization|Cloud Optimization API|v1:38
oracledatabase|Oracle Database@Google Cloud API|v1:11
composer|Cloud Composer API|v1:39|v1beta1:39
osconfig|OS Config API|v1:40|v1alpha:40
parallelstore|Parallelstore API|v1:11|v1beta:14
policysimulator|Policy Simulator API|v1:41
privilegedaccessmanager|Privileged Access Manager API|v1:42
pubsublite|Pub/Sub Lite API|v1:43
rapidmigrationassessment|Rapid Migration Assessment API|v1:11
recommendationengine|Recommendations AI|v1beta1:44
redis|Google Cloud Memorystore for Redis API|v1:14|v1beta1:14
cloudresourcemanager|Cloud Resource Manager API|v3:9
retail|Vertex AI Search for commerce API|v2:45|v2alpha:46|v2beta:47
run|Cloud Run Admin API|v2:48
runtimeconfig|Google Cloud RuntimeConfig API|v1beta1:49
saasservicemgmt|App Lifecycle Manager API|v1beta1:
cloudscheduler|Cloud Scheduler API|v1:
securesourcemanager|Secure Source Manager API|v1:11
privateca|Certificate Authority API|v1:11|v1beta1:11
securitycenter|Security Command Center API|v1:50|v1beta1:51|v1p1beta1:51|v2:50
securityposture|Security Posture API|v1:52
cloudshell|Cloud Shell API|v1:
speech|Cloud Speech-to-Text API|v1:53|v1p1beta1:53|v2:11
sqladmin|Cloud SQL Admin API|v1:|v1beta4:
storagebatchoperations|Storage Batch Operations API|v1:11
storageinsights|Storage Insights API|v1:11
jobs|Cloud Talent Solution API|v4:54|v4beta1:54
cloudtasks|Cloud Tasks API|v2beta3:25
telcoautomation|Telco Automation API|v1:55|v1alpha1:11
texttospeech|Cloud Text-to-Speech API|v1:34|v1beta1:34
tpu|Cloud TPU API|v1:14|v2:14|v2alpha1:14
translate|Cloud Translation API|v3:18|v3beta1:18
vectorsearch|Vector Search API|v1:11|v1beta:11
livestream|Live Stream API|v1:11
videostitcher|Video Stitcher API|v1:11
videointelligence|Cloud Video Intelligence API|v1:11|v1beta2:11|v1p1beta1:11|v1p2beta1:11
vision|Cloud Vision API|v1:56
visionai|Vision AI API|v1:57|v1alpha1:58
vmmigration|VM Migration API|v1:11
vmwareengine|VMware Engine API|v1:39
vpcaccess|Serverless VPC Access API|v1:34
webrisk|Web Risk API|v1:59
workflows|Workflows API|v1:39|v1beta:39
workloadidentity|Workload Identity API|v1:60
workloadmanager|Workload Manager API|v1:11
workstations|Cloud Workstations API|v1:11|v1beta:11
datastore|Cloud Datastore API|v1:61
artifactregistry|Artifact Registry API|v1:25|v1beta2:25
cloudbuild|Cloud Build API|v1:62|v2:63
firestore|Cloud Firestore API|v1:64
iam|Identity and Access Management (IAM) API|v1beta:65|v2:66|v2beta:66|v3:67|v3beta:67
accesscontextmanager|Access Context Manager API|v1:9
logging|Cloud Logging API|v2:68
longrunning|Long Running Operations API
routeoptimization|Route Optimization API|v1:25
monitoring|Cloud Monitoring API|v3:
aistreams|AI Streams API|v1alpha1:11
spanner|Cloud Spanner API|v1:69
storage|Storage Control API|v2:
storagetransfer|Storage Transfer API|v1:70`;

/** Polling settings, and the methods that have them. */
export const POLLING = `300,1.25,3600,43200 ads.googleads.v22.services.OfflineUserDataJobService:RunOfflineUserDataJob ads.googleads.v23.services.OfflineUserDataJobService:RunOfflineUserDataJob ads.googleads.v24.services.OfflineUserDataJobService:RunOfflineUserDataJob ads.googleads.v25.services.OfflineUserDataJobService:RunOfflineUserDataJob cloud.config.v1.Config:CreateDeployment,CreatePreview,DeleteDeployment,DeletePreview,UpdateDeployment
0.5,1.5,5,600 bigtable.admin.v2.BigtableInstanceAdmin:CreateInstance,PartialUpdateCluster,PartialUpdateInstance,UpdateAppProfile,UpdateCluster bigtable.admin.v2.BigtableTableAdmin:CreateBackup,RestoreTable,SnapshotTable
5,1.5,60,21600 bigtable.admin.v2.BigtableInstanceAdmin:CreateCluster
5,1.5,60,3600 bigtable.admin.v2.BigtableTableAdmin:CreateTableFromSnapshot
1,2,10,900 cloud.chronicle.v1.RuleService:CreateRetrohunt cloud.dataproc.v1.ClusterController:CreateCluster,DeleteCluster,UpdateCluster cloud.policysimulator.v1.OrgPolicyViolationsPreviewService:CreateOrgPolicyViolationsPreview cloud.workloadidentity.v1.WorkloadIdentity:GenerateServiceAgents
1,2,10,30 cloud.dataproc.v1.ClusterController:DiagnoseCluster
1,2,10,43200 cloud.dataproc.v1.WorkflowTemplateService:InstantiateInlineWorkflowTemplate,InstantiateWorkflowTemplate
1,2,10,2700 cloud.edgecontainer.v1.EdgeContainer:CreateCluster
1,2,10,1800 cloud.edgecontainer.v1.EdgeContainer:DeleteCluster,DeleteNodePool
1,2,10,68400 cloud.edgecontainer.v1.EdgeContainer:CreateNodePool,UpdateNodePool
30,1.5,60,7200 cloud.filestore.v1beta1.CloudFilestoreManager:CreateBackup,CreateInstance,DeleteBackup,DeleteSnapshot,RestoreInstance,RevertInstance
30,1.5,60,1200 cloud.filestore.v1beta1.CloudFilestoreManager:DeleteInstance
30,1.5,60,900 cloud.filestore.v1beta1.CloudFilestoreManager:UpdateInstance
10,1.5,60,660 cloud.filestore.v1beta1.CloudFilestoreManager:CreateSnapshot,UpdateBackup,UpdateSnapshot
5,2,45,300 cloud.financialservices.v1.AML:CreateInstance,DeleteEngineConfig,DeleteModel,UpdateBacktestResult,UpdateEngineConfig,UpdateInstance,UpdateModel,UpdatePredictionResult
30,2,180,1200 cloud.financialservices.v1.AML:CreateDataset,DeleteBacktestResult,DeletePredictionResult,ExportEngineConfigMetadata,ExportModelMetadata,ExportRegisteredParties,ImportRegisteredParties
60,2,300,7200 cloud.financialservices.v1.AML:ExportBacktestResultMetadata,ExportPredictionResultMetadata
300,2,1800,86400 cloud.financialservices.v1.AML:DeleteDataset,UpdateDataset
600,2,7200,172800 cloud.financialservices.v1.AML:CreateBacktestResult,CreatePredictionResult
600,2,7200,259200 cloud.financialservices.v1.AML:CreateEngineConfig,CreateModel,DeleteInstance
5,2,45,3600 cloud.ids.v1.IDS:CreateEndpoint,DeleteEndpoint
60,1.5,120,4800 cloud.metastore.v1.DataprocMetastore:CreateBackup,CreateMetadataImport,CreateService,ExportMetadata,RestoreService cloud.metastore.v1alpha.DataprocMetastore:CreateBackup,CreateMetadataImport,CreateService,ExportMetadata,RestoreService cloud.metastore.v1beta.DataprocMetastore:CreateBackup,CreateMetadataImport,CreateService,ExportMetadata,RestoreService
60,1.5,120,3000 cloud.metastore.v1.DataprocMetastore:UpdateService cloud.metastore.v1alpha.DataprocMetastore:UpdateService cloud.metastore.v1beta.DataprocMetastore:UpdateService
10,1.5,60,1500 cloud.metastore.v1.DataprocMetastore:DeleteBackup,DeleteService cloud.metastore.v1alpha.DataprocMetastore:DeleteBackup,DeleteService cloud.metastore.v1beta.DataprocMetastore:DeleteBackup,DeleteService
60,1.5,120,1200 cloud.metastore.v1.DataprocMetastore:UpdateMetadataImport cloud.metastore.v1alpha.DataprocMetastore:UpdateMetadataImport cloud.metastore.v1beta.DataprocMetastore:UpdateMetadataImport
30,1.5,120,3600 cloud.optimization.v1.FleetRouting:BatchOptimizeTours
60,1.5,600,432000 cloud.oracledatabase.v1.OracleDatabase:CreateAutonomousDatabase,CreateCloudExadataInfrastructure,CreateCloudVmCluster,DeleteAutonomousDatabase,DeleteCloudExadataInfrastructure,DeleteCloudVmCluster,RestoreAutonomousDatabase
1,2,10,18000 cloud.policysimulator.v1.Simulator:CreateReplay
5,1.5,45,900 cloud.privilegedaccessmanager.v1.PrivilegedAccessManager:CreateEntitlement,DeleteEntitlement,RevokeGrant,UpdateEntitlement
0.5,1.5,5,300 cloud.recommendationengine.v1beta1.CatalogService:ImportCatalogItems cloud.recommendationengine.v1beta1.UserEventService:ImportUserEvents,PurgeUserEvents
60,1.5,360,7200 cloud.redis.cluster.v1.CloudRedisCluster:CreateCluster,UpdateCluster cloud.redis.v1.CloudRedis:CreateInstance,UpdateInstance cloud.redis.cluster.v1beta1.CloudRedisCluster:CreateCluster,UpdateCluster cloud.redis.v1beta1.CloudRedis:UpdateInstance
60,1.5,360,1200 cloud.redis.cluster.v1.CloudRedisCluster:DeleteCluster cloud.redis.v1.CloudRedis:DeleteInstance,FailoverInstance cloud.redis.cluster.v1beta1.CloudRedisCluster:DeleteCluster cloud.redis.v1beta1.CloudRedis:CreateInstance,DeleteInstance,FailoverInstance
60,1.5,360,18000 cloud.redis.v1.CloudRedis:ExportInstance,ImportInstance cloud.redis.v1beta1.CloudRedis:ExportInstance,ImportInstance
20,1.5,45,86400 cloud.videointelligence.v1.VideoIntelligenceService:AnnotateVideo cloud.videointelligence.v1beta2.VideoIntelligenceService:AnnotateVideo cloud.videointelligence.v1p1beta1.VideoIntelligenceService:AnnotateVideo cloud.videointelligence.v1p2beta1.VideoIntelligenceService:AnnotateVideo cloud.vision.v1.ImageAnnotator:AsyncBatchAnnotateFiles,AsyncBatchAnnotateImages cloud.vision.v1.ProductSearch:ImportProductSets,PurgeProducts spanner.admin.database.v1.DatabaseAdmin:RestoreDatabase spanner.admin.instance.v1.InstanceAdmin:CreateInstance,UpdateInstance
1,1.5,45,86400 spanner.admin.database.v1.DatabaseAdmin:CreateDatabase,UpdateDatabaseDdl
20,1.5,45,172800 spanner.admin.database.v1.DatabaseAdmin:CreateBackup`;
