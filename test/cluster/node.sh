# One node: its snapshotters, containerd and kubelet; sourced by up.

# start_node NAME: everything of it lies in a folder of its own, its pods in a network and a cgroup of their own.
start_node() {
	local name=$1 home number
	home=$(node_state "$name")
	number=$(node_number "$name")
	mkdir -p "$home"/{cni,kubelet,stargz,soci,nydus}
	start_snapshotters "$name" "$home" "$number"
	write_containerd_config "$home" "$number" overlayfs stargz soci nydus
	write_network_config "$name" "$home" "$number"
	spawn "containerd-$name" "$bin/containerd" -c "$home/containerd.toml"
	until_ok 20 "$bin/ctr" -a "$home/containerd.sock" version
	local controller
	for controller in /sys/fs/cgroup/*/; do mkdir -p "$controller$(cgroup_of "$name")" 2>/dev/null || true; done
	# cpuset of cgroup v1 starts empty, and an empty one takes no process.
	for controller in cpus mems; do
		if [ -e "/sys/fs/cgroup/cpuset/cpuset.$controller" ]; then
			cat "/sys/fs/cgroup/cpuset/cpuset.$controller" >"/sys/fs/cgroup/cpuset/$(cgroup_of "$name")/cpuset.$controller"
		fi
	done
	write_kubelet_config "$name" "$home" "$number"
	spawn "kubelet-$name" "$bin/kube" kubelet --config="$home/kubelet.yaml" --kubeconfig="$kubeconfig" --root-dir="$home/kubelet" \
		--cert-dir="$home/kubelet-pki" --hostname-override="node-$name" --node-ip=$host_ip
}

# finish_node NAME: waits until it is Ready and gives it the GPU that this machine has not.
finish_node() {
	local node=node-$1
	until_ok 60 kubectl get node "$node"
	kubectl label --overwrite node "$node" nvidia.com/gpu.product=Test-GPU nvidia.com/gpu.count=1 nvidia.com/gpu.memory=1024 \
		nvidia.com/gpu.present=true karpenter.sh/nodepool=gpu-test node.kubernetes.io/instance-type=test.gpu >/dev/null
	kubectl patch node "$node" --subresource=status --type=json -p '[
		{"op":"add","path":"/status/capacity/nvidia.com~1gpu","value":"1"},
		{"op":"add","path":"/status/allocatable/nvidia.com~1gpu","value":"1"}]' >/dev/null
	kubectl wait --for=condition=Ready "node/$node" --timeout=60s >/dev/null
}

start_snapshotters() { # NAME HOME NUMBER
	local home=$2 number=$3
	cat >"$home/stargz.toml" <<-TOML
		metrics_address = "127.0.0.1:$((18098 + number * 100))"
		no_prometheus = false
		[[resolver.host."$registry".mirrors]]
		host = "$registry"
		insecure = true
	TOML
	spawn "stargz-$1" "$bin/containerd-stargz-grpc" -address "$home/stargz.sock" -root "$home/stargz" -config "$home/stargz.toml"
	cat >"$home/soci.toml" <<-TOML
		metrics_address = "127.0.0.1:$((18099 + number * 100))"
		[[resolver.host."$registry".mirrors]]
		host = "http://$registry"
		insecure = true
		[[resolver.host."$local_registry".mirrors]]
		host = "http://$local_registry"
		insecure = true
		[content_store]
		type = "soci"
		containerd_address = "$home/containerd.sock"
		[pull_modes.soci_v1]
		enable = true
		[pull_modes.soci_v2]
		enable = true
	TOML
	adopt "soci-$1" "soci-snapshotter-grpc -address $home/soci.sock"
	spawn "soci-$1" "$bin/soci-snapshotter-grpc" -address "$home/soci.sock" -root "$home/soci" -config "$home/soci.toml"
	cat >"$home/nydusd.json" <<-JSON
		{"device": {"backend": {"type": "registry", "config": {"scheme": "http", "skip_verify": true, "timeout": 30, "connect_timeout": 5, "retry_limit": 2}},
		 "cache": {"type": "blobcache", "compressed": false}}, "mode": "direct", "digest_validate": false, "iostats_files": false,
		 "enable_xattr": true, "amplify_io": 131072, "fs_prefetch": {"enable": false, "threads_count": 4, "merging_size": 1048576, "prefetch_all": false}}
	JSON
	cat >"$home/nydus.toml" <<-TOML
		version = 1
		root = "$home/nydus"
		address = "$home/nydus.sock"
		daemon_mode = "dedicated"
		cleanup_on_close = true
		[system]
		enable = true
		address = "$home/nydus-system.sock"
		[daemon]
		nydusd_config = "$home/nydusd.json"
		nydusd_path = "$bin/nydusd"
		nydusimage_path = "$bin/nydus-image"
		fs_driver = "fusedev"
		recover_policy = "restart"
		failover_policy = "resend"
		threads_number = 4
		log_rotation_size = 10
		[cgroup]
		enable = false
		[log]
		log_to_stdout = true
		level = "info"
		log_rotation_max_age = 1
		log_rotation_max_backups = 1
		log_rotation_max_size = 10
		[metrics]
		address = "127.0.0.1:$((18110 + number * 100))"
		hung_io_interval = "10s"
		collect_interval = "1s"
		[remote]
		convert_vpc_registry = false
		skip_ssl_verify = true
		[snapshot]
		enable_nydus_overlayfs = false
		sync_remove = true
		[cache_manager]
		disable = false
		gc_period = "24h"
		cache_dir = "$home/nydus/cache"
	TOML
	spawn "nydus-$1" "$bin/containerd-nydus-grpc" --config "$home/nydus.toml"
}

write_network_config() { # NAME HOME NUMBER
	cat >"$2/cni/10-bridge.conflist" <<-JSON
		{"cniVersion":"1.0.0","name":"pods-$1","plugins":[{"type":"bridge","bridge":"$(bridge_of "$1")","isGateway":true,"ipMasq":false,
		 "ipam":{"type":"host-local","dataDir":"$2/cni-ipam","ranges":[[{"subnet":"10.202.$3.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}
	JSON
}

write_containerd_config() { # HOME NUMBER SNAPSHOTTER…
	local home=$1 number=$2 handler
	shift 2
	mkdir -p "$state/certs.d/$registry"
	cat >"$state/certs.d/$registry/hosts.toml" <<-TOML
		server = "http://$registry"
		[host."http://$registry"]
		  capabilities = ["pull", "resolve"]
	TOML
	{
		cat <<-TOML
			version = 3
			root = '$home/containerd'
			state = '$home/containerd-state'
			disabled_plugins = ['io.containerd.nri.v1.nri', 'io.containerd.snapshotter.v1.btrfs', 'io.containerd.snapshotter.v1.zfs', 'io.containerd.snapshotter.v1.devmapper', 'io.containerd.snapshotter.v1.blockfile', 'io.containerd.snapshotter.v1.erofs', 'io.containerd.differ.v1.erofs']
			[grpc]
			  address = '$home/containerd.sock'
			[ttrpc]
			  address = '$home/containerd.sock.ttrpc'
			[metrics]
			  address = '127.0.0.1:$((18097 + number * 100))'
			[plugins.'io.containerd.cri.v1.images']
			  snapshotter = 'overlayfs'
			  disable_snapshot_annotations = false
			  discard_unpacked_layers = false
			  [plugins.'io.containerd.cri.v1.images'.pinned_images]
			    sandbox = '$local_registry/pause:1'
			  [plugins.'io.containerd.cri.v1.images'.registry]
			    config_path = '$state/certs.d'
			[plugins.'io.containerd.cri.v1.runtime']
			  tolerate_missing_hugetlb_controller = true
			  restrict_oom_score_adj = true
			  netns_mounts_under_state_dir = true
			  [plugins.'io.containerd.cri.v1.runtime'.cni]
			    bin_dirs = ['/usr/lib/cni']
			    conf_dir = '$home/cni'
			  [plugins.'io.containerd.cri.v1.runtime'.containerd]
			    default_runtime_name = 'overlayfs'
		TOML
		for handler in "$@"; do
			cat <<-TOML
				[plugins.'io.containerd.cri.v1.images'.runtime_platforms.$handler]
				  platform = 'linux/amd64'
				  snapshotter = '$handler'
				[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.$handler]
				  runtime_type = 'io.containerd.runc.v2'
				  snapshotter = '$handler'
				  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.$handler.options]
				    BinaryName = '$bin/runc'
			TOML
		done
		for handler in "$@"; do
			[ "$handler" != overlayfs ] || continue
			cat <<-TOML
				[proxy_plugins.$handler]
				  type = 'snapshot'
				  address = '$home/$handler.sock'
				  [proxy_plugins.$handler.exports]
				    root = '$home/$handler/'
				    enable_remote_snapshot_annotations = 'true'
			TOML
		done
	} >"$home/containerd.toml"
}

write_kubelet_config() { # NAME HOME NUMBER
	cat >"$2/kubelet.yaml" <<-YAML
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		failCgroupV1: false
		failSwapOn: false
		cgroupDriver: cgroupfs
		cgroupRoot: /$(cgroup_of "$1")
		containerRuntimeEndpoint: unix://$2/containerd.sock
		address: $host_ip
		port: $((11250 + $3))
		healthzPort: $((11350 + $3))
		readOnlyPort: 0
		authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
		authorization: {mode: Webhook}
		makeIPTablesUtilChains: false
		enforceNodeAllocatable: []
		resolvConf: ""
		clusterDomain: cluster.local
		clusterDNS: [10.203.0.10]
		serializeImagePulls: false
		registryPullQPS: 0
		nodeStatusUpdateFrequency: 5s
		imageMinimumGCAge: 1h
		imageGCHighThresholdPercent: 100
		imageGCLowThresholdPercent: 99
		evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
		volumePluginDir: $2/kubelet/plugins
		featureGates: {RuntimeClassInImageCriApi: true}
	YAML
}
