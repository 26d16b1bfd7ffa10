# Histograms of ln|g|; at the left the shares of exact zeros and of |g| below e^-20, in percent
# gnuplot gradient_histogram.gp   draws gradient_histogram.svg from gradient_histogram.csv, all beside this script.
# rsvg-convert -f pdf -o gradient_histogram.pdf gradient_histogram.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 2.3093 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,222 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'gradient_histogram'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > gradient_histogram.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot
scale = 8.5333
# A bar of all gradients would nearly reach the next ridge. Each says its share.
bar_scale = 0.85
unset grid
set xrange [-25:-2.5]
set xtics scale 0.5,0 ('{/:Italic g} = 0' -24.3, '< −20' -21.6, '' -20, '−15' -15, '−10' -10, '−5' -5)
set border 1

# Panel 1.
set margins screen 0.0696, screen 0.4926, screen 0.1684, screen 0.9038
set title '' offset 0,-0.7
set format x '%g'
set format y '%g'
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'theta0\_noise' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:9.57]
set ytics scale 0,0 ('1' 8, '5' 7, '10' 6, '25' 5, '50' 4, '75' 3, '100' 2, '250' 1, '500' 0)
plot \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(8+scale*column('share')) every ::2::18 with filledcurves y=8 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(8):(-24.7):(-23.9):(8):(8+bar_scale*column('share')) every ::0::0 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(8):(sprintf('%.2g%%', 100*column('share'))) every ::0::0 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(8+scale*column('share')) every ::2::18 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 8 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(7+scale*column('share')) every ::21::37 with filledcurves y=7 fillcolor rgb '#9fc6dd', \
     '' using (-24.3):(7):(-24.7):(-23.9):(7):(7+bar_scale*column('share')) every ::19::19 with boxxyerror fillcolor rgb '#9fc6dd' fillstyle solid 1 border linecolor rgb '#9fc6dd' linewidth 0.5, \
     '' using (-23.75):(7):(sprintf('%.2g%%', 100*column('share'))) every ::19::19 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(7+scale*column('share')) every ::21::37 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 7 with lines linecolor rgb '#9fc6dd' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::40::56 with filledcurves y=6 fillcolor rgb '#88b5d0', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::38::38 with boxxyerror fillcolor rgb '#88b5d0' fillstyle solid 1 border linecolor rgb '#88b5d0' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::38::38 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::40::56 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 6 with lines linecolor rgb '#88b5d0' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::59::75 with filledcurves y=5 fillcolor rgb '#72a4c3', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::57::57 with boxxyerror fillcolor rgb '#72a4c3' fillstyle solid 1 border linecolor rgb '#72a4c3' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::57::57 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::59::75 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 5 with lines linecolor rgb '#72a4c3' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::78::94 with filledcurves y=4 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::76::76 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::76::76 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::78::94 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 4 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::97::113 with filledcurves y=3 fillcolor rgb '#4482a8', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::95::95 with boxxyerror fillcolor rgb '#4482a8' fillstyle solid 1 border linecolor rgb '#4482a8' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::95::95 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::97::113 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 3 with lines linecolor rgb '#4482a8' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::116::132 with filledcurves y=2 fillcolor rgb '#2e719b', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::114::114 with boxxyerror fillcolor rgb '#2e719b' fillstyle solid 1 border linecolor rgb '#2e719b' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::114::114 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::116::132 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 2 with lines linecolor rgb '#2e719b' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::135::151 with filledcurves y=1 fillcolor rgb '#17608e', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::133::133 with boxxyerror fillcolor rgb '#17608e' fillstyle solid 1 border linecolor rgb '#17608e' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::133::133 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::135::151 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 1 with lines linecolor rgb '#17608e' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::154::170 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::152::152 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::152::152 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::154::170 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid

# Panel 2.
set margins screen 0.561, screen 0.9839, screen 0.1684, screen 0.9038
set title '' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set ylabel '' offset 0.3,0
set title 'adam\_warmup' offset 0,-0.7
set ylabel 'step {/:Italic t}' offset 0.3,0
set xlabel 'ln |{/:Italic g}|' offset 0,0.5
set format x '%g'
set yrange [-0.15:9.57]
set ytics scale 0,0 ('1' 8, '5' 7, '10' 6, '25' 5, '50' 4, '75' 3, '100' 2, '250' 1, '500' 0)
plot \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(8+scale*column('share')) every ::173::189 with filledcurves y=8 fillcolor rgb '#b5d6ea', \
     '' using (-24.3):(8):(-24.7):(-23.9):(8):(8+bar_scale*column('share')) every ::171::171 with boxxyerror fillcolor rgb '#b5d6ea' fillstyle solid 1 border linecolor rgb '#b5d6ea' linewidth 0.5, \
     '' using (-23.75):(8):(sprintf('%.2g%%', 100*column('share'))) every ::171::171 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(8+scale*column('share')) every ::173::189 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 8 with lines linecolor rgb '#b5d6ea' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(7+scale*column('share')) every ::192::208 with filledcurves y=7 fillcolor rgb '#9fc6dd', \
     '' using (-24.3):(7):(-24.7):(-23.9):(7):(7+bar_scale*column('share')) every ::190::190 with boxxyerror fillcolor rgb '#9fc6dd' fillstyle solid 1 border linecolor rgb '#9fc6dd' linewidth 0.5, \
     '' using (-23.75):(7):(sprintf('%.2g%%', 100*column('share'))) every ::190::190 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(7+scale*column('share')) every ::192::208 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 7 with lines linecolor rgb '#9fc6dd' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::211::227 with filledcurves y=6 fillcolor rgb '#88b5d0', \
     '' using (-24.3):(6):(-24.7):(-23.9):(6):(6+bar_scale*column('share')) every ::209::209 with boxxyerror fillcolor rgb '#88b5d0' fillstyle solid 1 border linecolor rgb '#88b5d0' linewidth 0.5, \
     '' using (-23.75):(6):(sprintf('%.2g%%', 100*column('share'))) every ::209::209 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(6+scale*column('share')) every ::211::227 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 6 with lines linecolor rgb '#88b5d0' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::230::246 with filledcurves y=5 fillcolor rgb '#72a4c3', \
     '' using (-24.3):(5):(-24.7):(-23.9):(5):(5+bar_scale*column('share')) every ::228::228 with boxxyerror fillcolor rgb '#72a4c3' fillstyle solid 1 border linecolor rgb '#72a4c3' linewidth 0.5, \
     '' using (-23.75):(5):(sprintf('%.2g%%', 100*column('share'))) every ::228::228 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(5+scale*column('share')) every ::230::246 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 5 with lines linecolor rgb '#72a4c3' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::249::265 with filledcurves y=4 fillcolor rgb '#5b93b5', \
     '' using (-24.3):(4):(-24.7):(-23.9):(4):(4+bar_scale*column('share')) every ::247::247 with boxxyerror fillcolor rgb '#5b93b5' fillstyle solid 1 border linecolor rgb '#5b93b5' linewidth 0.5, \
     '' using (-23.75):(4):(sprintf('%.2g%%', 100*column('share'))) every ::247::247 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(4+scale*column('share')) every ::249::265 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 4 with lines linecolor rgb '#5b93b5' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::268::284 with filledcurves y=3 fillcolor rgb '#4482a8', \
     '' using (-24.3):(3):(-24.7):(-23.9):(3):(3+bar_scale*column('share')) every ::266::266 with boxxyerror fillcolor rgb '#4482a8' fillstyle solid 1 border linecolor rgb '#4482a8' linewidth 0.5, \
     '' using (-23.75):(3):(sprintf('%.2g%%', 100*column('share'))) every ::266::266 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(3+scale*column('share')) every ::268::284 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 3 with lines linecolor rgb '#4482a8' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::287::303 with filledcurves y=2 fillcolor rgb '#2e719b', \
     '' using (-24.3):(2):(-24.7):(-23.9):(2):(2+bar_scale*column('share')) every ::285::285 with boxxyerror fillcolor rgb '#2e719b' fillstyle solid 1 border linecolor rgb '#2e719b' linewidth 0.5, \
     '' using (-23.75):(2):(sprintf('%.2g%%', 100*column('share'))) every ::285::285 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(2+scale*column('share')) every ::287::303 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 2 with lines linecolor rgb '#2e719b' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::306::322 with filledcurves y=1 fillcolor rgb '#17608e', \
     '' using (-24.3):(1):(-24.7):(-23.9):(1):(1+bar_scale*column('share')) every ::304::304 with boxxyerror fillcolor rgb '#17608e' fillstyle solid 1 border linecolor rgb '#17608e' linewidth 0.5, \
     '' using (-23.75):(1):(sprintf('%.2g%%', 100*column('share'))) every ::304::304 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(1+scale*column('share')) every ::306::322 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 1 with lines linecolor rgb '#17608e' linewidth 0.5 dashtype solid, \
     'gradient_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::325::341 with filledcurves y=0 fillcolor rgb '#004f80', \
     '' using (-24.3):(0):(-24.7):(-23.9):(0):(0+bar_scale*column('share')) every ::323::323 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-23.75):(0):(sprintf('%.2g%%', 100*column('share'))) every ::323::323 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (-21.6):(0):(-22):(-21.2):(0):(0+bar_scale*column('share')) every ::324::324 with boxxyerror fillcolor rgb '#004f80' fillstyle solid 1 border linecolor rgb '#004f80' linewidth 0.5, \
     '' using (-21.05):(0):(sprintf('%.2g%%', 100*column('share'))) every ::324::324 with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040', \
     '' using (0.5*(column('bin_low')+column('bin_high'))):(0+scale*column('share')) every ::325::341 with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid, \
     [-20:-3] 0 with lines linecolor rgb '#004f80' linewidth 0.5 dashtype solid
unset multiplot

unset output
